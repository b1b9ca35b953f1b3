package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.normalizer.Phones;
import io.github.almeidatech.wppflow.server.Tenants;

/** Whom a number in a request means, whichever way it is written. */
final class People {

    private People() {}

    /**
     * The person, with a key.
     *
     * @throws ApiException 400 when it is nobody's number
     */
    static PhoneIdentity of(String phone, Tenants.Tenant tenant) {
        PhoneIdentity identity = Phones.parse(phone, tenant.config().phoneRegion());
        if (identity.personKey() == null) {
            throw ApiException.invalid("phone", "not a phone number or WhatsApp address of a person");
        }
        return identity;
    }
}
