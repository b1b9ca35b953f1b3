package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.normalizer.Phones;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Phone identity on the command line. */
@Command(
        name = "phones",
        mixinStandardHelpOptions = true,
        description = {
            "Tells whom numbers and WhatsApp addresses mean. Reads JSON Lines and writes JSON Lines.",
            "In:  {\"id\",\"raw\"}",
            "Out: id, e164 as given, kind, person: equal keys mean the same person."
        })
final class PhonesCommand implements Callable<Integer> {

    @Option(
            names = "--region",
            defaultValue = "BR",
            description = "country of numbers without a country code (${DEFAULT-VALUE})")
    private String region;

    @Override
    public Integer call() throws IOException {
        JsonLines.run(System.in, System.out, this::parse);
        return 0;
    }

    private void parse(ObjectNode line, ObjectNode answer) {
        PhoneIdentity identity = Phones.parse(JsonLines.text(line, "raw"), region);
        answer.put("e164", identity.e164());
        answer.put("e164_canonical", identity.e164Canonical());
        answer.put("kind", identity.kind().word());
        answer.put("person", identity.personKey());
    }
}
