package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.util.concurrent.atomic.AtomicInteger;

/** Uploaded files: the address in a message redirects to storage, which may not have the file yet. */
final class FileRoutes {

    private final Installation installation;
    private final AtomicInteger missing = new AtomicInteger();

    FileRoutes(Installation installation) {
        this.installation = installation;
    }

    /** The next downloads answer 404, as when the upload to storage is slower than the webhook. */
    void missNext(int downloads) {
        missing.set(downloads);
    }

    void register(Router router) {
        router.on("GET", "/rails/active_storage/blobs/redirect/{key}/{name}", Access.ANYBODY, this::redirect)
                .on(
                        "GET",
                        "/rails/active_storage/representations/redirect/{key}/{variant}/{name}",
                        Access.ANYBODY,
                        this::redirect)
                .on("GET", "/storage/{key}/{name}", Access.ANYBODY, this::download);
    }

    private Answer redirect(Call call) {
        return exists(call)
                ? Answer.empty(302).header("Location", "/storage/" + call.path("key") + "/file?expires=300")
                : Answer.empty(404);
    }

    private Answer download(Call call) {
        var content = exists(call) ? installation.journal().file(call.path("key")) : null;
        if (content == null || missing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return Answer.text(404, "application/xml", "<Error><Code>NoSuchKey</Code></Error>");
        }
        var type = installation.read(() -> installation.messages.values().stream()
                .flatMap(message -> message.attachments.stream())
                .filter(attachment -> call.path("key").equals(attachment.blobKey))
                .map(attachment -> attachment.contentType)
                .filter(contentType -> contentType != null)
                .findFirst()
                .orElse("application/octet-stream"));
        // Never rendered as a page of this origin, whatever the customer sent.
        return Answer.bytes(200, type, content)
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", "sandbox");
    }

    private boolean exists(Call call) {
        return call.path("key").matches("[0-9a-f]{24}");
    }
}
