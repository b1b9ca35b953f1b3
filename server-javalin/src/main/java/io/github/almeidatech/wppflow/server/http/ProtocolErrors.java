package io.github.almeidatech.wppflow.server.http;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty refuses before it is a request for the routes: in our envelope, and nothing of what Jetty would say. */
final class ProtocolErrors implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        HttpServer.SECURITY_HEADERS.forEach(headers::put);
        headers.put(HttpHeader.CONTENT_TYPE, "application/json");
        byte[] body = Envelope.error(
                ApiError.ofStatus(response.getStatus()),
                request.getHeaders().get(HttpHeader.ACCEPT_LANGUAGE),
                Map.of());
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
