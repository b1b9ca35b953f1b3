package io.github.almeidatech.wppflow.model;

/**
 * One Chatwoot conversation of a tenant.
 *
 * @param tenant whose it is
 * @param account Chatwoot's account id; conversation numbers are unique only inside one account
 * @param number Chatwoot's display id, the number in its API paths
 */
public record ConversationId(TenantId tenant, long account, long number) {

    public ConversationId {
        if (account < 0 || number < 1) {
            throw new IllegalArgumentException("account >= 0 and number >= 1 wanted, got " + account + "/" + number);
        }
    }

    /** {@code account/number}: unique inside the tenant. */
    public String key() {
        return account + "/" + number;
    }

    /** The reverse of {@link #key()}. */
    public static ConversationId of(TenantId tenant, String key) {
        int slash = key.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("account/number wanted, got " + key);
        }
        return new ConversationId(
                tenant, Long.parseLong(key.substring(0, slash)), Long.parseLong(key.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return tenant + "/" + key();
    }
}
