// interop-go talks to corkboardd with containerd's own ttrpc library for Go, which knows nothing
// of Corkboard: what both agree on is the protocol, not a habit of ours.
//
//	interop-go SOCKET ITEM
//
// ITEM is an item that the daemon serves. Exits with 1 where an answer differs from what
// docs/wire.md says, and tells each difference.
package main

import (
	"context"
	"fmt"
	"math"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const service = "corkboard.v1.Retrieval"

var differences int

// expect notes a difference unless it holds.
func expect(holds bool, what string, facts ...interface{}) {
	if holds {
		return
	}
	differences++
	fmt.Fprintf(os.Stderr, "interop-go: "+what+"\n", facts...)
}

// expectStatus expects a call to have failed with code and with a message that begins so.
func expectStatus(err error, code codes.Code, message string, what string) {
	got, ok := status.FromError(err)
	expect(
		ok && got.Code() == code && strings.HasPrefix(got.Message(), message),
		"%s: %v; expected %v, %q", what, err, code, message,
	)
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "use: interop-go SOCKET ITEM")
		os.Exit(64)
	}
	socket, item := os.Args[1], os.Args[2]
	connection, err := net.Dial("unix", socket)
	if err != nil {
		fmt.Fprintf(os.Stderr, "interop-go: cannot connect: %v; is corkboardd running?\n", err)
		os.Exit(1)
	}
	client := ttrpc.NewClient(connection)
	defer client.Close()

	answers(client, item)
	refusals(client, item)
	deadlines(client, item)
	oversize(client)
	concurrent(client, item)
	// After all that it is still the same connection.
	expect(health(client) == nil, "the connection is lost at the end")

	if differences > 0 {
		fmt.Fprintf(os.Stderr, "interop-go: %d differences\n", differences)
		os.Exit(1)
	}
	fmt.Println("interop-go: all is as docs/wire.md says")
}

// minute is the time of a call that is to succeed.
func minute() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Minute)
}

func health(client *ttrpc.Client) error {
	ctx, cancel := minute()
	defer cancel()
	var answer healthResponse
	if err := client.Call(ctx, service, "Health", &empty{}, &answer); err != nil {
		return err
	}
	if answer.State != serving || answer.Message == "" {
		return fmt.Errorf("health %d, %q", answer.State, answer.Message)
	}
	return nil
}

// answers makes every kind of call that reads, with metadata, which the server skips.
func answers(client *ttrpc.Client, item string) {
	err := health(client)
	expect(err == nil, "Health: %v", err)

	ctx, cancel := minute()
	defer cancel()
	ctx = ttrpc.WithMetadata(ctx, ttrpc.MD{"trace": {"a", "b"}, "user": {"\u00fc"}})
	var info infoResponse
	err = client.Call(ctx, service, "Info", &empty{}, &info)
	expect(err == nil && info.Server == "corkboardd" && info.Protocol == "ttrpc 1.2",
		"Info: %v, %+v", err, info)

	var related searchResponse
	err = client.Call(ctx, service, "Related", &relatedRequest{ItemIDs: []string{item}, K: 3}, &related)
	expect(err == nil && related.holds(3) && related.Generation > 0, "Related: %v, %+v", err, related)

	var known getResponse
	err = client.Call(ctx, service, "Get", &getRequest{ItemIDs: []string{item}, Vectors: true}, &known)
	expect(err == nil && len(known.Items) == 1 && known.Items[0].Found, "Get: %v, %+v", err, known)
	if err != nil || len(known.Items) != 1 {
		return
	}

	// An item's own vector finds the item.
	var found searchResponse
	query := &searchRequest{Dim: known.Dim, Queries: known.Items[0].Vector, K: 1}
	err = client.Call(ctx, service, "Search", query, &found)
	expect(err == nil && found.holds(1) && found.ItemIDs[0] == item, "Search: %v, %+v", err, found)
}

func refusals(client *ttrpc.Client, item string) {
	ctx, cancel := minute()
	defer cancel()
	err := client.Call(ctx, "Not", "Found", &empty{}, &empty{})
	expectStatus(err, codes.Unimplemented, "service Not", "an unknown service")
	err = client.Call(ctx, service, "Found", &empty{}, &empty{})
	expectStatus(err, codes.Unimplemented, "method Found", "an unknown method")
	err = client.Call(ctx, service, "Related", &relatedRequest{ItemIDs: []string{item}}, &searchResponse{})
	expectStatus(err, codes.InvalidArgument, "k = 0", "Related without k")
	nan := math.Float32bits(float32(math.NaN()))
	query := &searchRequest{Dim: 1, K: 1, Queries: []byte{byte(nan), byte(nan >> 8), byte(nan >> 16), byte(nan >> 24)}}
	err = client.Call(ctx, service, "Search", query, &searchResponse{})
	expectStatus(err, codes.InvalidArgument, "", "a search that is not finite")
	err = client.Call(ctx, service, "Related", &relatedRequest{ItemIDs: []string{"\x01 nothing"}, K: 1}, &searchResponse{})
	expectStatus(err, codes.NotFound, "", "an unknown item")
	// Bytes that are no message: an id of invalid UTF-8.
	err = client.Call(ctx, service, "Related", &empty{}, &searchResponse{})
	expectStatus(err, codes.InvalidArgument, "the request names no", "Related of nothing")
	err = client.Call(ctx, service, "Related", &idBytes{ItemID: []byte{0xff}}, &searchResponse{})
	expectStatus(err, codes.Internal, "ttrpc: error unmarshalling payload", "a payload that is no message")
}

func deadlines(client *ttrpc.Client, item string) {
	past, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	err := client.Call(past, service, "Health", &empty{}, &healthResponse{})
	expect(err != nil, "a call whose deadline has passed: %v", err)

	// The library sends the rest of the time along, and the answer is there before it ends.
	soon, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var answer searchResponse
	err = client.Call(soon, service, "Related", &relatedRequest{ItemIDs: []string{item}, K: 2}, &answer)
	expect(err == nil && answer.holds(2), "a call with a deadline: %v, %+v", err, answer)
}

// oversize sends a frame whose body is a byte too long, which this library does not stop.
func oversize(client *ttrpc.Client) {
	ctx, cancel := minute()
	defer cancel()
	const limit = 4 << 20
	// How long is the envelope around a payload of this length?
	envelope := (&searchRequest{Queries: make([]byte, limit)}).envelope()
	for _, excess := range []int{0, 1} {
		query := &searchRequest{Queries: make([]byte, limit-envelope+excess)}
		err := client.Call(ctx, service, "Search", query, &searchResponse{})
		if excess == 0 {
			expectStatus(err, codes.InvalidArgument, "", "a frame of 4 MiB")
		} else {
			expectStatus(err, codes.ResourceExhausted,
				"message length 4194305 exceed maximum message size of 4194304", "a frame of 4 MiB + 1")
		}
	}
	err := health(client)
	expect(err == nil, "Health after an oversize frame: %v", err)
}

// concurrent makes 100 calls at once on the one connection.
func concurrent(client *ttrpc.Client, item string) {
	var group sync.WaitGroup
	failures := make(chan error, 100)
	for number := 0; number < 100; number++ {
		group.Add(1)
		go func(k uint32) {
			defer group.Done()
			ctx, cancel := minute()
			defer cancel()
			var answer searchResponse
			err := client.Call(ctx, service, "Related", &relatedRequest{ItemIDs: []string{item}, K: k}, &answer)
			if err == nil && !answer.holds(int(k)) {
				err = fmt.Errorf("k = %d: %d candidates", k, len(answer.ItemIDs))
			}
			if err != nil {
				failures <- err
			}
		}(uint32(number%5 + 1))
	}
	group.Wait()
	close(failures)
	for err := range failures {
		expect(false, "one of 100 calls at once: %v", err)
	}
}
