package io.github.almeidatech.wppflow.webhook;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Optional;

/** The webhooks of the tenants, by name. */
@FunctionalInterface
public interface WebhookTargets {

    /** Empty when the tenant has none of that name. */
    Optional<WebhookTarget> find(TenantId tenant, String name);
}
