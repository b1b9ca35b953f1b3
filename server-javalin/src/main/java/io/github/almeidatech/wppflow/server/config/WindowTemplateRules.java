package io.github.almeidatech.wppflow.server.config;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Chatwoot and WhatsApp want of a template's header and buttons beyond their shape. */
final class WindowTemplateRules {

    private static final Set<String> MEDIA = Set.of("media_url", "media_type", "media_name");
    private static final Set<String> MEDIA_TYPES = Set.of("image", "video", "document");

    /** Of a template's header, and of a code to be copied. */
    private static final int MAX_HEADER = 60;

    private static final int MAX_CODE = 15;

    private WindowTemplateRules() {}

    static void check(String path, Config.@Nullable WindowTemplate template, List<String> problems) {
        if (template == null) {
            return;
        }
        Map<String, String> header = Objects.requireNonNullElse(template.header(), Map.of());
        header.forEach((key, value) -> checkText(path + ".header." + key, value, problems));
        if (header.keySet().stream().anyMatch(MEDIA::contains)) {
            checkMedia(path + ".header", header, problems);
        } else if (header.values().stream().anyMatch(value -> value.length() > MAX_HEADER)) {
            problems.add(path + ".header: at most " + MAX_HEADER + " characters wanted");
        }
        List<Config.TemplateButton> buttons = Objects.requireNonNullElse(template.buttons(), List.of());
        for (int i = 0; i < buttons.size(); i++) {
            String at = path + ".buttons[" + i + "].parameter";
            checkText(at, buttons.get(i).parameter(), problems);
            if (buttons.get(i).type().equals("copy_code")
                    && buttons.get(i).parameter().strip().length() > MAX_CODE) {
                problems.add(at + ": at most " + MAX_CODE + " characters wanted in a code to be copied");
            }
        }
    }

    private static void checkMedia(String path, Map<String, String> header, List<String> problems) {
        if (!MEDIA.containsAll(header.keySet())) {
            problems.add(path + ": either a file (media_url, media_type, media_name) or texts wanted");
        }
        String type = header.getOrDefault("media_type", "");
        if (!MEDIA_TYPES.contains(type)) {
            problems.add(path + ".media_type: image, video or document wanted");
        }
        if (!isAddress(header.getOrDefault("media_url", ""))) {
            problems.add(path + ".media_url: an http(s) address wanted");
        }
        if (header.containsKey("media_name") && !type.equals("document")) {
            problems.add(path + ".media_name: only a document has a name");
        }
    }

    private static void checkText(String path, String value, List<String> problems) {
        if (value.isBlank()) {
            problems.add(path + ": Chatwoot leaves out what is blank, and the next one takes its place");
        }
        if (value.contains("{reply}")) {
            problems.add(path + ": {reply} has its place in body and text, here it is too long");
        }
    }

    private static boolean isAddress(String text) {
        try {
            URI address = URI.create(text);
            return Set.of("http", "https").contains(String.valueOf(address.getScheme())) && address.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
