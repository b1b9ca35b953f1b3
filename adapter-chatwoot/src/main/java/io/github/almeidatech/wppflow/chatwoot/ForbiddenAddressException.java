package io.github.almeidatech.wppflow.chatwoot;

import java.io.IOException;
import java.io.Serial;

/** A host's address is not one we may connect to. */
final class ForbiddenAddressException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    ForbiddenAddressException() {
        super("the host has an address that may not be connected to");
    }
}
