package main

import "github.com/gogo/protobuf/proto"

// The messages of Sources/Wire/Protos/retrieval.proto, as far as they are needed, written by hand:
// Debian's library reads their tags, and no generator is wanted.

const serving = 1

type empty struct{}

type healthResponse struct {
	State   int32  `protobuf:"varint,1,opt,name=state,proto3"`
	Message string `protobuf:"bytes,2,opt,name=message,proto3"`
}

type infoResponse struct {
	Server   string `protobuf:"bytes,1,opt,name=server,proto3"`
	Version  string `protobuf:"bytes,2,opt,name=version,proto3"`
	Protocol string `protobuf:"bytes,3,opt,name=protocol,proto3"`
}

type searchRequest struct {
	Dim     uint32 `protobuf:"varint,1,opt,name=dim,proto3"`
	Queries []byte `protobuf:"bytes,2,opt,name=queries_f32le,proto3"`
	K       uint32 `protobuf:"varint,3,opt,name=k,proto3"`
}

type relatedRequest struct {
	ItemIDs []string `protobuf:"bytes,1,rep,name=item_ids,proto3"`
	K       uint32   `protobuf:"varint,2,opt,name=k,proto3"`
}

// idBytes is a relatedRequest whose id need not be text.
type idBytes struct {
	ItemID []byte `protobuf:"bytes,1,opt,name=item_ids,proto3"`
}

type searchResponse struct {
	Generation uint64   `protobuf:"varint,1,opt,name=generation,proto3"`
	Counts     []uint32 `protobuf:"varint,3,rep,packed,name=counts,proto3"`
	ItemIDs    []string `protobuf:"bytes,4,rep,name=item_ids,proto3"`
	Scores     []byte   `protobuf:"bytes,5,opt,name=scores_f32le,proto3"`
}

type getRequest struct {
	ItemIDs []string `protobuf:"bytes,1,rep,name=item_ids,proto3"`
	Vectors bool     `protobuf:"varint,2,opt,name=include_vectors,proto3"`
}

type getResponse struct {
	Generation uint64  `protobuf:"varint,1,opt,name=generation,proto3"`
	Dim        uint32  `protobuf:"varint,3,opt,name=dim,proto3"`
	Items      []*item `protobuf:"bytes,4,rep,name=items,proto3"`
}

type item struct {
	ID     string `protobuf:"bytes,1,opt,name=id,proto3"`
	Found  bool   `protobuf:"varint,2,opt,name=found,proto3"`
	Vector []byte `protobuf:"bytes,6,opt,name=vector_f32le,proto3"`
}

// holds tells whether these are the k candidates of one query.
func (m *searchResponse) holds(k int) bool {
	return len(m.Counts) == 1 && int(m.Counts[0]) == k && len(m.ItemIDs) == k && len(m.Scores) == 4*k
}

// envelope is how many bytes of a request's body are not the query's.
func (m *searchRequest) envelope() int {
	payload := proto.Size(m)
	fields := 1 + varint(len(service)) + len(service) + 1 + varint(len("Search")) + len("Search")
	return fields + 1 + varint(payload) + payload + timeout - len(m.Queries)
}

// timeout is what the field timeout_nano takes while a minute is left: a tag, and 36 bits.
const timeout = 1 + 6

func varint(n int) int { return proto.SizeVarint(uint64(n)) }

func (m *empty) Reset()         { *m = empty{} }
func (m *empty) String() string { return proto.CompactTextString(m) }
func (*empty) ProtoMessage()    {}

func (m *healthResponse) Reset()         { *m = healthResponse{} }
func (m *healthResponse) String() string { return proto.CompactTextString(m) }
func (*healthResponse) ProtoMessage()    {}

func (m *infoResponse) Reset()         { *m = infoResponse{} }
func (m *infoResponse) String() string { return proto.CompactTextString(m) }
func (*infoResponse) ProtoMessage()    {}

func (m *searchRequest) Reset()         { *m = searchRequest{} }
func (m *searchRequest) String() string { return proto.CompactTextString(m) }
func (*searchRequest) ProtoMessage()    {}

func (m *relatedRequest) Reset()         { *m = relatedRequest{} }
func (m *relatedRequest) String() string { return proto.CompactTextString(m) }
func (*relatedRequest) ProtoMessage()    {}

func (m *idBytes) Reset()         { *m = idBytes{} }
func (m *idBytes) String() string { return proto.CompactTextString(m) }
func (*idBytes) ProtoMessage()    {}

func (m *searchResponse) Reset()         { *m = searchResponse{} }
func (m *searchResponse) String() string { return proto.CompactTextString(m) }
func (*searchResponse) ProtoMessage()    {}

func (m *getRequest) Reset()         { *m = getRequest{} }
func (m *getRequest) String() string { return proto.CompactTextString(m) }
func (*getRequest) ProtoMessage()    {}

func (m *getResponse) Reset()         { *m = getResponse{} }
func (m *getResponse) String() string { return proto.CompactTextString(m) }
func (*getResponse) ProtoMessage()    {}

func (m *item) Reset()         { *m = item{} }
func (m *item) String() string { return proto.CompactTextString(m) }
func (*item) ProtoMessage()    {}
