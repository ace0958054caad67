/** Requests to a camera's own HTTP interface, as drivers see them. Authentication and time limits are the transport's. */

/** What came back, whatever its status. */
export interface CameraReply {
    readonly status: number;
    /** At most 64 KiB; more is a bad reply. */
    readonly text: string;
}

/** One call. */
export interface CameraRequest {
    readonly method: "GET" | "PUT";
    /** Begins with `/` and may hold a query. */
    readonly path: string;
    readonly body?: string | undefined;
}

/** Rejects with `DeviceFault`: `NO_REPLY`, `NOT_CONNECTED`, or `BAD_REPLY` (also for a refused password). */
export interface CameraHttp {
    /** One request at a time, in order; none is repeated once the camera may have carried it out. `signal` drops it. */
    request(request: CameraRequest, signal?: AbortSignal): Promise<CameraReply>;
}
