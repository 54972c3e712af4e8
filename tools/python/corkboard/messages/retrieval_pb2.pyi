from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CancelRequest(_message.Message):
    __slots__ = ["stream_id"]
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    stream_id: int
    def __init__(self, stream_id: _Optional[int] = ...) -> None: ...

class CancelResponse(_message.Message):
    __slots__ = ["cancelled"]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    cancelled: bool
    def __init__(self, cancelled: bool = ...) -> None: ...

class Filter(_message.Message):
    __slots__ = ["allow", "deny", "min_score"]
    class ItemSet(_message.Message):
        __slots__ = ["item_ids"]
        ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
        item_ids: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, item_ids: _Optional[_Iterable[str]] = ...) -> None: ...
    ALLOW_FIELD_NUMBER: _ClassVar[int]
    DENY_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    allow: Filter.ItemSet
    deny: Filter.ItemSet
    min_score: float
    def __init__(self, allow: _Optional[_Union[Filter.ItemSet, _Mapping]] = ..., deny: _Optional[_Union[Filter.ItemSet, _Mapping]] = ..., min_score: _Optional[float] = ...) -> None: ...

class GenerationsRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GenerationsResponse(_message.Message):
    __slots__ = ["generations"]
    class Entry(_message.Message):
        __slots__ = ["bytes", "count", "embedding_version", "index_kind", "measured_recall", "number", "published", "recall_k", "served", "trouble"]
        BYTES_FIELD_NUMBER: _ClassVar[int]
        COUNT_FIELD_NUMBER: _ClassVar[int]
        EMBEDDING_VERSION_FIELD_NUMBER: _ClassVar[int]
        INDEX_KIND_FIELD_NUMBER: _ClassVar[int]
        MEASURED_RECALL_FIELD_NUMBER: _ClassVar[int]
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        PUBLISHED_FIELD_NUMBER: _ClassVar[int]
        RECALL_K_FIELD_NUMBER: _ClassVar[int]
        SERVED_FIELD_NUMBER: _ClassVar[int]
        TROUBLE_FIELD_NUMBER: _ClassVar[int]
        bytes: int
        count: int
        embedding_version: int
        index_kind: str
        measured_recall: float
        number: int
        published: bool
        recall_k: int
        served: bool
        trouble: str
        def __init__(self, number: _Optional[int] = ..., embedding_version: _Optional[int] = ..., count: _Optional[int] = ..., index_kind: _Optional[str] = ..., measured_recall: _Optional[float] = ..., recall_k: _Optional[int] = ..., bytes: _Optional[int] = ..., published: bool = ..., served: bool = ..., trouble: _Optional[str] = ...) -> None: ...
    GENERATIONS_FIELD_NUMBER: _ClassVar[int]
    generations: _containers.RepeatedCompositeFieldContainer[GenerationsResponse.Entry]
    def __init__(self, generations: _Optional[_Iterable[_Union[GenerationsResponse.Entry, _Mapping]]] = ...) -> None: ...

class GetRequest(_message.Message):
    __slots__ = ["include_vectors", "item_ids", "summaries_only"]
    INCLUDE_VECTORS_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    SUMMARIES_ONLY_FIELD_NUMBER: _ClassVar[int]
    include_vectors: bool
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    summaries_only: bool
    def __init__(self, item_ids: _Optional[_Iterable[str]] = ..., include_vectors: bool = ..., summaries_only: bool = ...) -> None: ...

class GetResponse(_message.Message):
    __slots__ = ["dim", "embedding_version", "generation", "items"]
    class Field(_message.Message):
        __slots__ = ["name", "values"]
        NAME_FIELD_NUMBER: _ClassVar[int]
        VALUES_FIELD_NUMBER: _ClassVar[int]
        name: str
        values: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, name: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...
    class Item(_message.Message):
        __slots__ = ["fields", "found", "id", "summary", "text", "vector_f32le"]
        FIELDS_FIELD_NUMBER: _ClassVar[int]
        FOUND_FIELD_NUMBER: _ClassVar[int]
        ID_FIELD_NUMBER: _ClassVar[int]
        SUMMARY_FIELD_NUMBER: _ClassVar[int]
        TEXT_FIELD_NUMBER: _ClassVar[int]
        VECTOR_F32LE_FIELD_NUMBER: _ClassVar[int]
        fields: _containers.RepeatedCompositeFieldContainer[GetResponse.Field]
        found: bool
        id: str
        summary: str
        text: str
        vector_f32le: bytes
        def __init__(self, id: _Optional[str] = ..., found: bool = ..., text: _Optional[str] = ..., summary: _Optional[str] = ..., fields: _Optional[_Iterable[_Union[GetResponse.Field, _Mapping]]] = ..., vector_f32le: _Optional[bytes] = ...) -> None: ...
    DIM_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_VERSION_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    dim: int
    embedding_version: int
    generation: int
    items: _containers.RepeatedCompositeFieldContainer[GetResponse.Item]
    def __init__(self, generation: _Optional[int] = ..., embedding_version: _Optional[int] = ..., dim: _Optional[int] = ..., items: _Optional[_Iterable[_Union[GetResponse.Item, _Mapping]]] = ...) -> None: ...

class HealthRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class HealthResponse(_message.Message):
    __slots__ = ["message", "state"]
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = []
    DEGRADED: HealthResponse.State
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NOT_SERVING: HealthResponse.State
    SERVING: HealthResponse.State
    STATE_FIELD_NUMBER: _ClassVar[int]
    STATE_UNSPECIFIED: HealthResponse.State
    message: str
    state: HealthResponse.State
    def __init__(self, state: _Optional[_Union[HealthResponse.State, str]] = ..., message: _Optional[str] = ...) -> None: ...

class InfoRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class InfoResponse(_message.Message):
    __slots__ = ["features", "generation", "limits", "protocol", "server", "version"]
    class Generation(_message.Message):
        __slots__ = ["count", "dimension", "embedding_version", "index_kind", "levels", "measured_recall", "metric", "number", "recall_k"]
        COUNT_FIELD_NUMBER: _ClassVar[int]
        DIMENSION_FIELD_NUMBER: _ClassVar[int]
        EMBEDDING_VERSION_FIELD_NUMBER: _ClassVar[int]
        INDEX_KIND_FIELD_NUMBER: _ClassVar[int]
        LEVELS_FIELD_NUMBER: _ClassVar[int]
        MEASURED_RECALL_FIELD_NUMBER: _ClassVar[int]
        METRIC_FIELD_NUMBER: _ClassVar[int]
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        RECALL_K_FIELD_NUMBER: _ClassVar[int]
        count: int
        dimension: int
        embedding_version: int
        index_kind: str
        levels: _containers.RepeatedCompositeFieldContainer[InfoResponse.Level]
        measured_recall: float
        metric: str
        number: int
        recall_k: int
        def __init__(self, number: _Optional[int] = ..., embedding_version: _Optional[int] = ..., count: _Optional[int] = ..., dimension: _Optional[int] = ..., metric: _Optional[str] = ..., index_kind: _Optional[str] = ..., measured_recall: _Optional[float] = ..., recall_k: _Optional[int] = ..., levels: _Optional[_Iterable[_Union[InfoResponse.Level, _Mapping]]] = ...) -> None: ...
    class Level(_message.Message):
        __slots__ = ["effort", "k", "margin", "p50_us", "recall"]
        EFFORT_FIELD_NUMBER: _ClassVar[int]
        K_FIELD_NUMBER: _ClassVar[int]
        MARGIN_FIELD_NUMBER: _ClassVar[int]
        P50_US_FIELD_NUMBER: _ClassVar[int]
        RECALL_FIELD_NUMBER: _ClassVar[int]
        effort: int
        k: int
        margin: float
        p50_us: float
        recall: float
        def __init__(self, k: _Optional[int] = ..., effort: _Optional[int] = ..., recall: _Optional[float] = ..., margin: _Optional[float] = ..., p50_us: _Optional[float] = ...) -> None: ...
    class Limits(_message.Message):
        __slots__ = ["batch", "call_seconds", "calls_in_flight", "connections", "filter_ids", "frame_bytes", "frame_seconds", "k", "total_calls_in_flight"]
        BATCH_FIELD_NUMBER: _ClassVar[int]
        CALLS_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
        CALL_SECONDS_FIELD_NUMBER: _ClassVar[int]
        CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
        FILTER_IDS_FIELD_NUMBER: _ClassVar[int]
        FRAME_BYTES_FIELD_NUMBER: _ClassVar[int]
        FRAME_SECONDS_FIELD_NUMBER: _ClassVar[int]
        K_FIELD_NUMBER: _ClassVar[int]
        TOTAL_CALLS_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
        batch: int
        call_seconds: float
        calls_in_flight: int
        connections: int
        filter_ids: int
        frame_bytes: int
        frame_seconds: float
        k: int
        total_calls_in_flight: int
        def __init__(self, frame_bytes: _Optional[int] = ..., k: _Optional[int] = ..., batch: _Optional[int] = ..., calls_in_flight: _Optional[int] = ..., total_calls_in_flight: _Optional[int] = ..., connections: _Optional[int] = ..., filter_ids: _Optional[int] = ..., frame_seconds: _Optional[float] = ..., call_seconds: _Optional[float] = ...) -> None: ...
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    features: _containers.RepeatedScalarFieldContainer[str]
    generation: InfoResponse.Generation
    limits: InfoResponse.Limits
    protocol: str
    server: str
    version: str
    def __init__(self, server: _Optional[str] = ..., version: _Optional[str] = ..., protocol: _Optional[str] = ..., limits: _Optional[_Union[InfoResponse.Limits, _Mapping]] = ..., features: _Optional[_Iterable[str]] = ..., generation: _Optional[_Union[InfoResponse.Generation, _Mapping]] = ...) -> None: ...

class PublishRequest(_message.Message):
    __slots__ = ["force", "generation"]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    force: bool
    generation: int
    def __init__(self, generation: _Optional[int] = ..., force: bool = ...) -> None: ...

class PublishResponse(_message.Message):
    __slots__ = ["generation", "previous", "previous_recall", "recall"]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_RECALL_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    generation: int
    previous: int
    previous_recall: float
    recall: float
    def __init__(self, generation: _Optional[int] = ..., previous: _Optional[int] = ..., recall: _Optional[float] = ..., previous_recall: _Optional[float] = ...) -> None: ...

class RebuildProgress(_message.Message):
    __slots__ = ["generation", "message", "recall"]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    generation: int
    message: str
    recall: float
    def __init__(self, message: _Optional[str] = ..., generation: _Optional[int] = ..., recall: _Optional[float] = ...) -> None: ...

class RebuildRequest(_message.Message):
    __slots__ = ["index_kind", "no_publish", "target_recall"]
    INDEX_KIND_FIELD_NUMBER: _ClassVar[int]
    NO_PUBLISH_FIELD_NUMBER: _ClassVar[int]
    TARGET_RECALL_FIELD_NUMBER: _ClassVar[int]
    index_kind: str
    no_publish: bool
    target_recall: float
    def __init__(self, index_kind: _Optional[str] = ..., target_recall: _Optional[float] = ..., no_publish: bool = ...) -> None: ...

class RecommendRequest(_message.Message):
    __slots__ = ["effort", "filter", "include_seen", "item_ids", "k", "min_generation", "mode", "recall", "weights"]
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = []
    EFFORT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_SEEN_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    MERGED: RecommendRequest.Mode
    MIN_GENERATION_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    MODE_UNSPECIFIED: RecommendRequest.Mode
    POOLED: RecommendRequest.Mode
    RECALL_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    effort: int
    filter: Filter
    include_seen: bool
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    k: int
    min_generation: int
    mode: RecommendRequest.Mode
    recall: float
    weights: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, item_ids: _Optional[_Iterable[str]] = ..., weights: _Optional[_Iterable[float]] = ..., k: _Optional[int] = ..., effort: _Optional[int] = ..., min_generation: _Optional[int] = ..., recall: _Optional[float] = ..., filter: _Optional[_Union[Filter, _Mapping]] = ..., mode: _Optional[_Union[RecommendRequest.Mode, str]] = ..., include_seen: bool = ...) -> None: ...

class RelatedRequest(_message.Message):
    __slots__ = ["effort", "filter", "item_ids", "k", "min_generation", "recall"]
    EFFORT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    MIN_GENERATION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    effort: int
    filter: Filter
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    k: int
    min_generation: int
    recall: float
    def __init__(self, item_ids: _Optional[_Iterable[str]] = ..., k: _Optional[int] = ..., effort: _Optional[int] = ..., min_generation: _Optional[int] = ..., recall: _Optional[float] = ..., filter: _Optional[_Union[Filter, _Mapping]] = ...) -> None: ...

class RollbackRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class SearchRequest(_message.Message):
    __slots__ = ["dim", "effort", "filter", "k", "min_generation", "queries_f32le", "recall"]
    DIM_FIELD_NUMBER: _ClassVar[int]
    EFFORT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    MIN_GENERATION_FIELD_NUMBER: _ClassVar[int]
    QUERIES_F32LE_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    dim: int
    effort: int
    filter: Filter
    k: int
    min_generation: int
    queries_f32le: bytes
    recall: float
    def __init__(self, dim: _Optional[int] = ..., queries_f32le: _Optional[bytes] = ..., k: _Optional[int] = ..., effort: _Optional[int] = ..., min_generation: _Optional[int] = ..., recall: _Optional[float] = ..., filter: _Optional[_Union[Filter, _Mapping]] = ...) -> None: ...

class SearchResponse(_message.Message):
    __slots__ = ["counts", "effort", "embedding_version", "expected_recall", "found", "generation", "item_ids", "partial", "scores_f32le"]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    EFFORT_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_VERSION_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_RECALL_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    SCORES_F32LE_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedScalarFieldContainer[int]
    effort: int
    embedding_version: int
    expected_recall: float
    found: _containers.RepeatedScalarFieldContainer[bool]
    generation: int
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    partial: bool
    scores_f32le: bytes
    def __init__(self, generation: _Optional[int] = ..., embedding_version: _Optional[int] = ..., counts: _Optional[_Iterable[int]] = ..., item_ids: _Optional[_Iterable[str]] = ..., scores_f32le: _Optional[bytes] = ..., partial: bool = ..., found: _Optional[_Iterable[bool]] = ..., effort: _Optional[int] = ..., expected_recall: _Optional[float] = ...) -> None: ...

class StatsRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class StatsResponse(_message.Message):
    __slots__ = ["generation", "generation_seconds", "load", "memory", "methods", "recall", "swaps", "uptime_seconds", "version"]
    class Load(_message.Message):
        __slots__ = ["accepted_connections", "calls_in_flight", "connections", "refused_calls", "refused_connections", "waiting_calls"]
        ACCEPTED_CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
        CALLS_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
        CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
        REFUSED_CALLS_FIELD_NUMBER: _ClassVar[int]
        REFUSED_CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
        WAITING_CALLS_FIELD_NUMBER: _ClassVar[int]
        accepted_connections: int
        calls_in_flight: int
        connections: int
        refused_calls: int
        refused_connections: int
        waiting_calls: int
        def __init__(self, connections: _Optional[int] = ..., accepted_connections: _Optional[int] = ..., refused_connections: _Optional[int] = ..., calls_in_flight: _Optional[int] = ..., waiting_calls: _Optional[int] = ..., refused_calls: _Optional[int] = ...) -> None: ...
    class Memory(_message.Message):
        __slots__ = ["generation_bytes", "resident_bytes"]
        GENERATION_BYTES_FIELD_NUMBER: _ClassVar[int]
        RESIDENT_BYTES_FIELD_NUMBER: _ClassVar[int]
        generation_bytes: int
        resident_bytes: int
        def __init__(self, resident_bytes: _Optional[int] = ..., generation_bytes: _Optional[int] = ...) -> None: ...
    class Method(_message.Message):
        __slots__ = ["calls", "max_us", "name", "p50_us", "p90_us", "p999_us", "p99_us", "statuses"]
        CALLS_FIELD_NUMBER: _ClassVar[int]
        MAX_US_FIELD_NUMBER: _ClassVar[int]
        NAME_FIELD_NUMBER: _ClassVar[int]
        P50_US_FIELD_NUMBER: _ClassVar[int]
        P90_US_FIELD_NUMBER: _ClassVar[int]
        P999_US_FIELD_NUMBER: _ClassVar[int]
        P99_US_FIELD_NUMBER: _ClassVar[int]
        STATUSES_FIELD_NUMBER: _ClassVar[int]
        calls: int
        max_us: float
        name: str
        p50_us: float
        p90_us: float
        p999_us: float
        p99_us: float
        statuses: _containers.RepeatedCompositeFieldContainer[StatsResponse.Status]
        def __init__(self, name: _Optional[str] = ..., calls: _Optional[int] = ..., statuses: _Optional[_Iterable[_Union[StatsResponse.Status, _Mapping]]] = ..., p50_us: _Optional[float] = ..., p90_us: _Optional[float] = ..., p99_us: _Optional[float] = ..., p999_us: _Optional[float] = ..., max_us: _Optional[float] = ...) -> None: ...
    class Recall(_message.Message):
        __slots__ = ["generation", "margin", "queries", "recall"]
        GENERATION_FIELD_NUMBER: _ClassVar[int]
        MARGIN_FIELD_NUMBER: _ClassVar[int]
        QUERIES_FIELD_NUMBER: _ClassVar[int]
        RECALL_FIELD_NUMBER: _ClassVar[int]
        generation: int
        margin: float
        queries: int
        recall: float
        def __init__(self, generation: _Optional[int] = ..., queries: _Optional[int] = ..., recall: _Optional[float] = ..., margin: _Optional[float] = ...) -> None: ...
    class Status(_message.Message):
        __slots__ = ["calls", "code"]
        CALLS_FIELD_NUMBER: _ClassVar[int]
        CODE_FIELD_NUMBER: _ClassVar[int]
        calls: int
        code: str
        def __init__(self, code: _Optional[str] = ..., calls: _Optional[int] = ...) -> None: ...
    class Swaps(_message.Message):
        __slots__ = ["done", "last_refusal", "refused"]
        DONE_FIELD_NUMBER: _ClassVar[int]
        LAST_REFUSAL_FIELD_NUMBER: _ClassVar[int]
        REFUSED_FIELD_NUMBER: _ClassVar[int]
        done: int
        last_refusal: str
        refused: int
        def __init__(self, done: _Optional[int] = ..., refused: _Optional[int] = ..., last_refusal: _Optional[str] = ...) -> None: ...
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    GENERATION_SECONDS_FIELD_NUMBER: _ClassVar[int]
    LOAD_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    SWAPS_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    generation: int
    generation_seconds: float
    load: StatsResponse.Load
    memory: StatsResponse.Memory
    methods: _containers.RepeatedCompositeFieldContainer[StatsResponse.Method]
    recall: _containers.RepeatedCompositeFieldContainer[StatsResponse.Recall]
    swaps: StatsResponse.Swaps
    uptime_seconds: float
    version: str
    def __init__(self, version: _Optional[str] = ..., uptime_seconds: _Optional[float] = ..., generation: _Optional[int] = ..., generation_seconds: _Optional[float] = ..., methods: _Optional[_Iterable[_Union[StatsResponse.Method, _Mapping]]] = ..., recall: _Optional[_Iterable[_Union[StatsResponse.Recall, _Mapping]]] = ..., load: _Optional[_Union[StatsResponse.Load, _Mapping]] = ..., memory: _Optional[_Union[StatsResponse.Memory, _Mapping]] = ..., swaps: _Optional[_Union[StatsResponse.Swaps, _Mapping]] = ...) -> None: ...
