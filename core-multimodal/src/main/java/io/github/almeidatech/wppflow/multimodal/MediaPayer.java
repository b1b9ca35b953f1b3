package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Who pays for reading a file.
 *
 * @param turn the turn whose allowance counts beside the tenant's; null where there is none
 */
public record MediaPayer(TenantId tenant, @Nullable String turn) {

    /** The tenant alone, as for an upload. */
    public static MediaPayer of(TenantId tenant) {
        return new MediaPayer(tenant, null);
    }
}
