package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;

/**
 * A key under which an event was seen, as keyed hash: WhatsApp's message ids contain phone numbers, and these keys are kept
 * longer than the messages.
 */
record SeenKey(TenantId tenant, long high, long low) {}
