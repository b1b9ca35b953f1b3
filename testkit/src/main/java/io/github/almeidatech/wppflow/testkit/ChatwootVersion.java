package io.github.almeidatech.wppflow.testkit;

import java.util.Arrays;

/** The release a simulated Chatwoot claims to be, and what follows from it. */
record ChatwootVersion(String text) {

    /** Whether this release is the given one or a later one; suffixes of forks do not count. */
    boolean atLeast(String release) {
        return Arrays.compare(numbers(text), numbers(release)) >= 0;
    }

    private static int[] numbers(String version) {
        var core = version.split("-", 2)[0];
        return Arrays.stream(core.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }

    boolean signs(Target.Kind kind) {
        return atLeast(kind == Target.Kind.ACCOUNT ? "4.12.0" : "4.13.0");
    }

    boolean retriesBots() {
        return atLeast("4.12.0");
    }

    boolean reopensWhenBotFails() {
        return atLeast("4.7.0");
    }

    boolean keepsContentAttributes() {
        return atLeast("4.9.0");
    }

    boolean rendersMarkdown() {
        return atLeast("4.9.0");
    }

    /** The releases whose webhooks carry the rendered text at the top level, also for what customers wrote. */
    boolean rendersWebhookText() {
        return atLeast("4.9.0") && !atLeast("4.12.1");
    }

    boolean failsOutsideWindow() {
        return atLeast("4.5.0");
    }

    boolean botsGetConversationChanges() {
        return atLeast("4.13.0");
    }

    boolean describesAttachments() {
        return atLeast("4.13.0");
    }
}
