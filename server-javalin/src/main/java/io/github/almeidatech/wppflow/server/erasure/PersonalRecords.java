package io.github.almeidatech.wppflow.server.erasure;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.model.FlowException;
import java.util.List;
import java.util.Map;

/** A place besides our own database that can show what it holds of a person. May block. */
@FunctionalInterface
public interface PersonalRecords {

    /**
     * Everything there, as plain data.
     *
     * @throws FlowException when the place does not answer now
     */
    List<Map<String, Object>> export(Contact person);
}
