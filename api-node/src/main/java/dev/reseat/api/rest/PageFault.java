package dev.reseat.api.rest;

import dev.reseat.api.model.ErrorCode;

/**
 * A refusal from in front of the API, where OpenStack services answer with a page of WebOb's: an unknown route, a body
 * that is too large. Its form follows the request's {@code Accept}.
 */
final class PageFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    private PageFault(int status, String title, String explanation) {
        super(explanation);
        this.status = status;
        this.title = title;
    }

    static PageFault noRoute() {
        return new PageFault(404, "Not Found", HttpFault.NOT_FOUND);
    }

    static PageFault tooLarge() {
        return new PageFault(413, "Request Entity Too Large", "Request is too large.");
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return HttpFault.code(status);
    }

    String title() {
        return title;
    }
}
