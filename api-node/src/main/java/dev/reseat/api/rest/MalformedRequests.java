package dev.reseat.api.rest;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what is no HTTP request, or whose headers are too large, in the form of the API it was meant for. */
final class MalformedRequests implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String path = request.getHttpURI() == null ? "" : String.valueOf(request.getHttpURI().getPath());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ErrorMapper.unread(Api.of(path), status), callback);
        return true;
    }
}
