// Debian's Go ttrpc with nothing to do: a server that answers every message by as many bytes as it
// is told to, and a client with one call in flight that prints the median round trip.
//
//	ttrpc-go serve SOCKET ANSWER_BYTES
//	ttrpc-go time SOCKET REQUEST_BYTES COUNT
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"sort"
	"strconv"
	"time"

	"github.com/containerd/ttrpc"
)

// Bytes is a message of one field, by the reflection of gogo/protobuf.
type Bytes struct {
	Value []byte `protobuf:"bytes,1,opt,name=value,proto3"`
}

func (m *Bytes) Reset()         { *m = Bytes{} }
func (m *Bytes) String() string { return fmt.Sprint(len(m.Value)) }
func (*Bytes) ProtoMessage()    {}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func serve(socket string, size int) {
	server, err := ttrpc.NewServer()
	check(err)
	answer := make([]byte, size)
	server.Register("echo.Echo", map[string]ttrpc.Method{
		"Call": func(_ context.Context, unmarshal func(interface{}) error) (interface{}, error) {
			var request Bytes
			if err := unmarshal(&request); err != nil {
				return nil, err
			}
			return &Bytes{Value: answer}, nil
		},
	})
	listener, err := net.Listen("unix", socket)
	check(err)
	check(server.Serve(context.Background(), listener))
}

func measure(socket string, size, count int) {
	connection, err := net.Dial("unix", socket)
	check(err)
	client := ttrpc.NewClient(connection)
	request := &Bytes{Value: make([]byte, size)}
	times := make([]float64, count)
	for i := range times {
		start := time.Now()
		check(client.Call(context.Background(), "echo.Echo", "Call", request, &Bytes{}))
		times[i] = float64(time.Since(start).Nanoseconds()) / 1e3
	}
	sort.Float64s(times)
	fmt.Printf("{\"p50_us\": %.2f, \"p99_us\": %.2f}\n", times[count/2], times[count*99/100])
}

func main() {
	arguments := os.Args[1:]
	switch {
	case len(arguments) == 3 && arguments[0] == "serve":
		serve(arguments[1], number(arguments[2]))
	case len(arguments) == 4 && arguments[0] == "time":
		measure(arguments[1], number(arguments[2]), number(arguments[3]))
	default:
		fmt.Fprintln(os.Stderr, "use: ttrpc-go serve SOCKET BYTES | ttrpc-go time SOCKET BYTES COUNT")
		os.Exit(64)
	}
}
