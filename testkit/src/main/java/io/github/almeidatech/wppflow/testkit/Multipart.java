package io.github.almeidatech.wppflow.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@code multipart/form-data} body, strict about its form: a client that writes it wrong should notice. */
final class Multipart {

    private static final Pattern NAME = Pattern.compile("(?i);\\s*name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("(?i);\\s*filename=\"([^\"]*)\"");
    private static final Pattern BOUNDARY = Pattern.compile("(?i)boundary=\"?([^\";]+)\"?");

    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final Map<String, List<Upload>> files = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when the body is not what its content type says */
    static Multipart parse(String contentType, byte[] body) {
        var boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new IllegalArgumentException("multipart without boundary");
        }
        // ISO 8859-1 maps every byte to one character and back.
        var text = new String(body, StandardCharsets.ISO_8859_1);
        var mark = "--" + boundary.group(1);
        var multipart = new Multipart();
        int at = text.indexOf(mark);
        while (at >= 0 && !text.startsWith("--", at + mark.length())) {
            int start = at + mark.length() + 2;
            int next = text.indexOf("\r\n" + mark, start);
            int headersEnd = text.indexOf("\r\n\r\n", start);
            if (next < 0 || headersEnd < 0 || headersEnd > next) {
                throw new IllegalArgumentException("multipart part without end");
            }
            multipart.add(text.substring(start, headersEnd), text.substring(headersEnd + 4, next));
            at = next + 2;
        }
        if (at < 0) {
            throw new IllegalArgumentException("multipart without closing boundary");
        }
        return multipart;
    }

    private void add(String headers, String content) {
        var disposition = "";
        @Nullable String contentType = null;
        for (var line : utf8(headers).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            var name = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Content-Disposition")) {
                disposition = value;
            } else if (name.equalsIgnoreCase("Content-Type")) {
                contentType = value;
            }
        }
        var name = NAME.matcher(disposition);
        if (!name.find()) {
            throw new IllegalArgumentException("multipart part without name");
        }
        var fileName = FILE_NAME.matcher(disposition);
        if (fileName.find()) {
            var bytes = new Upload.Bytes(content.getBytes(StandardCharsets.ISO_8859_1));
            files.computeIfAbsent(name.group(1), n -> new ArrayList<>())
                    .add(new Upload(fileName.group(1), contentType, bytes));
        } else {
            fields.computeIfAbsent(name.group(1), n -> new ArrayList<>()).add(utf8(content));
        }
    }

    private static String utf8(String latin) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    Map<String, List<String>> fields() {
        return fields;
    }

    List<Upload> files(String name) {
        return files.getOrDefault(name, List.of());
    }
}
