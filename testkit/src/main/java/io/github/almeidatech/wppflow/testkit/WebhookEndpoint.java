package io.github.almeidatech.wppflow.testkit;

import java.net.URI;

/** Where deliveries go and how they are signed. */
public record WebhookEndpoint(long id, URI url, String secret) {
    @Override
    public String toString() {
        return "WebhookEndpoint[" + id + ", " + url + "]";
    }
}
