package io.github.almeidatech.wppflow.testkit;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Addresses of uploaded files, built from the installation's own address like Rails does. */
record FileLinks(Supplier<URI> base) {

    String dataUrl(Rows.Attachment attachment) {
        return base.get() + "/rails/active_storage/blobs/redirect/" + attachment.blobKey + "/" + name(attachment);
    }

    String thumbUrl(Rows.Attachment attachment) {
        return base.get() + "/rails/active_storage/representations/redirect/" + attachment.blobKey + "/variant/"
                + name(attachment);
    }

    private static String name(Rows.Attachment attachment) {
        var name = attachment.fileName == null ? "file" : attachment.fileName;
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
