package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.multimodal.MediaFacts;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** M2 over HTTP: a file, by its address at the tenant's Chatwoot or as base64, to text. */
final class MultimodalRoutes implements RouteGroup {

    static final int MAX_BYTES = 24 * 1024 * 1024;

    private final Tenants tenants;
    private final MediaReader media;

    MultimodalRoutes(Tenants tenants, MediaReader media) {
        this.tenants = tenants;
        this.media = media;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/multimodal/process", this::process, Access.WRITE);
    }

    /** A file: either where it is, or its bytes in base64. */
    record ProcessRequest(
            @Nullable String tenantId,
            @Nullable @Size(max = 4_000) String fileUrl,
            @Nullable @Size(max = 4_000) String dataUrl,
            @Nullable String data,

            @Nullable @Pattern(regexp = "audio|image|document|file|video")
            String type,

            @Nullable @Min(1) Long conversationId) {}

    private void process(Context ctx) {
        ProcessRequest body = Body.readLarge(ctx, ProcessRequest.class, MAX_BYTES);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        Instant notAfter = media.deadline();
        ContentType kind = kind(body.type());
        String url = body.fileUrl() != null ? body.fileUrl() : body.dataUrl();
        Payer payer = Request.payer(tenant, body.conversationId());
        MediaText text;
        if (body.data() != null) {
            byte[] bytes = decode(body.data());
            kind = kindOf(MediaFile.of(bytes), kind);
            text = media.read(payer, bytes, notAfter);
        } else if (url != null) {
            text = media.read(payer, Attachment.file(kind, url, null, null), notAfter);
        } else {
            throw ApiException.missing("file_url");
        }
        ContentType known = kind;
        Map<String, Object> data = text.match(read -> view(known, read), unreadable -> {
            throw refusal(known, unreadable.reason());
        });
        Envelope.ok(ctx, data);
    }

    private static Map<String, Object> view(ContentType kind, MediaText.Read read) {
        MediaFacts facts = read.facts();
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put(
                "duration", facts.duration() == null ? null : facts.duration().toMillis() / 1_000.0);
        metadata.put("pages", facts.pages());
        metadata.put(
                "dimensions",
                facts.width() == null || facts.height() == null
                        ? null
                        : Map.of("width", facts.width(), "height", facts.height()));
        metadata.put("type", kind.word());
        var data = new LinkedHashMap<String, Object>();
        data.put("text", read.text());
        data.put("metadata", metadata);
        data.put("confidence", kind == ContentType.DOCUMENT ? 1.0 : null);
        return data;
    }

    private static ApiException refusal(ContentType kind, MediaText.Reason reason) {
        ApiError error = switch (kind) {
            case AUDIO, VIDEO -> ApiError.ERR_TRANSCRIPTION;
            case IMAGE -> ApiError.ERR_OCR;
            default -> ApiError.ERR_PDF_PARSE;
        };
        int status = switch (reason) {
            case TOO_LARGE -> 413;
            case FORBIDDEN_ADDRESS -> 403;
            case UNREACHABLE -> 502;
            case TIMED_OUT -> 504;
            default -> 422;
        };
        return new ApiException(error, status, Map.of("reason", reason.word()), null);
    }

    private static ContentType kind(@Nullable String type) {
        return type == null || type.equals("file")
                ? ContentType.DOCUMENT
                : ContentType.valueOf(type.toUpperCase(Locale.ROOT));
    }

    private static ContentType kindOf(MediaFile file, ContentType otherwise) {
        String type = file.type().mimeType();
        if (type.startsWith("audio/")) {
            return ContentType.AUDIO;
        }
        if (type.startsWith("image/")) {
            return ContentType.IMAGE;
        }
        return type.startsWith("video/") ? ContentType.VIDEO : otherwise;
    }

    private static byte[] decode(String base64) {
        try {
            int comma = base64.startsWith("data:") ? base64.indexOf(',') : -1;
            return Base64.getDecoder().decode(base64.substring(comma + 1));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("data", "base64 wanted");
        }
    }
}
