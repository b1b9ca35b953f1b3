package io.github.almeidatech.wppflow.server.http;

/** The stable error words of the API and the HTTP status each is answered with unless a route says otherwise. */
public enum ApiError {
    ERR_VALIDATION(400),
    ERR_INVALID_TENANT(400),
    ERR_MISSING_FIELD(400),
    ERR_UNAUTHORIZED(401),
    ERR_FORBIDDEN(403),
    ERR_NOT_FOUND(404),
    ERR_CONTACT_NOT_FOUND(404),
    ERR_METHOD_NOT_ALLOWED(405),
    ERR_CONFLICT(409),
    ERR_EXPIRED(410),
    ERR_PAYLOAD_TOO_LARGE(413),
    ERR_URI_TOO_LONG(414),
    ERR_UNSUPPORTED_MEDIA_TYPE(415),
    ERR_SLOW_REQUEST(408),
    ERR_RATE_LIMITED(429),
    ERR_HEADERS_TOO_LARGE(431),
    ERR_TRANSCRIPTION(422),
    ERR_OCR(422),
    ERR_PDF_PARSE(422),
    ERR_POLICY_EXEC(422),
    ERR_CHATWOOT_API(502),
    ERR_BASEROW_API(502),
    ERR_LLM_API(502),
    ERR_TIMEOUT(504),
    ERR_INTERNAL(500);

    private final int status;

    ApiError(int status) {
        this.status = status;
    }

    /** What a refusal with this status is that no route has made. */
    static ApiError ofStatus(int status) {
        return switch (status) {
            case 404 -> ERR_NOT_FOUND;
            case 405 -> ERR_METHOD_NOT_ALLOWED;
            case 408 -> ERR_SLOW_REQUEST;
            case 413 -> ERR_PAYLOAD_TOO_LARGE;
            case 414 -> ERR_URI_TOO_LONG;
            case 415 -> ERR_UNSUPPORTED_MEDIA_TYPE;
            case 431 -> ERR_HEADERS_TOO_LARGE;
            default -> status < 500 || status == 505 ? ERR_VALIDATION : ERR_INTERNAL;
        };
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
