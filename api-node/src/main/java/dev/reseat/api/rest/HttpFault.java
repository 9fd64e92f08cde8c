package dev.reseat.api.rest;

import dev.reseat.api.model.ErrorCode;

/** A refusal in the form of Cinder's and Nova's {@code Fault}: {@code {"badRequest": {"code": 400, "message": …}}}. */
public final class HttpFault extends RuntimeException {
    static final String MALFORMED =
            "The server could not comply with the request since it is either malformed or otherwise incorrect.";
    static final String BROKEN = "The server has either erred or is incapable of performing the requested operation.";
    static final String NOT_FOUND = "The resource could not be found.";

    private static final long serialVersionUID = 1;

    private final int status;

    public HttpFault(int status, String message) {
        super(message);
        this.status = status;
    }

    public static HttpFault badRequest(String message) {
        return new HttpFault(400, message);
    }

    /** What is there, but not in the microversion asked for. */
    public static HttpFault notFound() {
        return new HttpFault(404, NOT_FOUND);
    }

    /** A body or URL that cannot be read as what it should be. */
    public static HttpFault malformedBody() {
        return new HttpFault(400, "Malformed request body");
    }

    public int status() {
        return status;
    }

    /** The code of our own API: what the status says. */
    ErrorCode code() {
        return code(status);
    }

    static ErrorCode code(int status) {
        return switch (status) {
            case 400 -> ErrorCode.INVALID_REQUEST;
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 408 -> ErrorCode.REQUEST_TIMEOUT;
            case 409 -> ErrorCode.CONFLICT;
            case 413 -> ErrorCode.REQUEST_TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> ErrorCode.TOO_MANY_REQUESTS;
            case 431 -> ErrorCode.HEADERS_TOO_LARGE;
            case 501 -> ErrorCode.NOT_IMPLEMENTED;
            case 503 -> ErrorCode.SERVER_BUSY;
            default -> ErrorCode.INTERNAL_ERROR;
        };
    }

    /** The key of the body. */
    public static String key(int status) {
        return switch (status) {
            case 400 -> "badRequest";
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "itemNotFound";
            case 405 -> "badMethod";
            case 409 -> "conflictingRequest";
            case 413, 429 -> "overLimit";
            case 415 -> "badMediaType";
            case 501 -> "notImplemented";
            case 503 -> "serviceUnavailable";
            default -> "computeFault";
        };
    }
}
