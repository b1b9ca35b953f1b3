package io.github.almeidatech.wppflow.chatwoot;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/** Looks names up and fails when one of the addresses may not be connected to: a mixed answer is an attempt. */
final class GuardedDns implements Dns {

    private final Dns names;
    private final AddressRules rules;

    GuardedDns(Dns names, AddressRules rules) {
        this.names = names;
        this.rules = rules;
    }

    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        List<InetAddress> addresses = names.lookup(hostname);
        if (!addresses.stream().allMatch(rules::permits)) {
            var failure = new UnknownHostException("forbidden address");
            failure.initCause(new ForbiddenAddressException());
            throw failure;
        }
        return addresses;
    }
}
