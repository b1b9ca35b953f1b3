package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.TenantId;

/** One delivery as it arrived: authentic, not yet understood. */
public final class Delivery {

    private final TenantId tenant;
    private final DeliverySource source;
    private final byte[] body;

    private Delivery(TenantId tenant, DeliverySource source, byte[] body) {
        this.tenant = tenant;
        this.source = source;
        this.body = body;
    }

    /**
     * A delivery.
     *
     * @param tenant whose: from the authenticated route, never from the body
     * @param body the bytes as received; not copied, so they must not change
     */
    public static Delivery of(TenantId tenant, DeliverySource source, byte[] body) {
        return new Delivery(tenant, source, body);
    }

    /** Whose it is. */
    public TenantId tenant() {
        return tenant;
    }

    /** Who brought it. */
    public DeliverySource source() {
        return source;
    }

    byte[] body() {
        return body;
    }

    @Override
    public String toString() {
        return "Delivery[" + tenant + ", " + source.word() + ", " + body.length + " bytes]";
    }
}
