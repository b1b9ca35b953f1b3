package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.baserow.BaserowClient;
import io.github.almeidatech.wppflow.chatwoot.ChatwootClient;
import io.github.almeidatech.wppflow.server.app.Application;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who does a failed call again, as the column "retried by" of docs/outside-calls.md says: every class that makes the call, by
 * what was compiled, is known here with who repeats what it does; and the column says no more and no less.
 */
class OutsideCallsTest {

    private static final String ERASURE = "the erasure, while it is open";
    private static final String CATCH_UP = "the next catch-up";
    private static final String CALLER = "its caller";
    private static final String OUTBOX = "the outbox";
    private static final String SYNC = "the next sync";
    private static final String NOBODY = "nobody";

    /** Who repeats what these classes do; where it depends, behind the method they call. */
    private static final Map<String, List<String>> REPEATED = Map.ofEntries(
            Map.entry("CommandTry", List.of(OUTBOX)),
            Map.entry("SentMessages", List.of(OUTBOX)),
            Map.entry("UnheardWords", List.of(OUTBOX)),
            Map.entry("ChatwootCommandSender typing", List.of(NOBODY)),
            Map.entry("CatchUpReader", List.of(CATCH_UP)),
            Map.entry("Messages", List.of(OUTBOX, CATCH_UP, "the next message", "the turn")),
            Map.entry("TakeBack", List.of("the next message")),
            Map.entry("Restored", List.of("the turn")),
            Map.entry("SyncRoutes", List.of(CALLER)),
            Map.entry("OnlineAgents", List.of("the next handoff")),
            Map.entry("ChatwootExamination", List.of(NOBODY)),
            Map.entry("TenantCommand", List.of(NOBODY)),
            Map.entry("ChatwootContacts delete", List.of(ERASURE)),
            Map.entry("ChatwootContacts byPhone", List.of(ERASURE, NOBODY)),
            Map.entry("ChatwootContacts get", List.of(NOBODY)),
            Map.entry("ChatwootContacts ofContact", List.of(NOBODY)),
            Map.entry("RowPages", List.of(OUTBOX, SYNC, "the next round of events", ERASURE, NOBODY)),
            Map.entry("RowWriter", List.of(OUTBOX, SYNC)),
            Map.entry("RowWriter get", List.of(SYNC)),
            Map.entry("RowWriter columns", List.of(OUTBOX, SYNC, ERASURE, NOBODY)),
            Map.entry("ContactRowWriter", List.of(SYNC)),
            Map.entry("BaserowContactMirror", List.of(ERASURE, NOBODY)),
            Map.entry("BaserowContactMirror delete", List.of(ERASURE)),
            Map.entry("DuplicateRows", List.of(SYNC)),
            Map.entry("TableReader", List.of(SYNC)),
            Map.entry("BaserowPolicies", List.of(SYNC)),
            Map.entry("EventRows", List.of("the next round of events")),
            Map.entry("BaserowEventMirror", List.of(ERASURE)),
            Map.entry("SchemaCheck", List.of("the next look")),
            Map.entry("BaserowTables", List.of(NOBODY)));

    private static final Pattern CALL = Pattern.compile(
            "(?:asBot|asUser|asEither|asReader|asSearcher|new ApiCall|list|call)\\(\\s*\"([a-z]+(?:_[a-z]+)*)\""
                    + "|onTable\\(\\s*[a-z]+,\\s*\"([a-z_]+)\"");
    private static final Pattern METHOD =
            Pattern.compile("(?m)^    (?:public |private )?[A-Z<a-z][^=;\\n(]* (\\w+)\\(");
    private static final Pattern ROW = Pattern.compile("(?m)^\\|[^|]*\\| `([a-z_]+)` \\|(.*)\\|$");

    /** The classes that call a method, by class and method. */
    private static final Map<String, Set<String>> CALLERS = new HashMap<>();

    @BeforeAll
    static void readWhatWasCompiled() throws Exception {
        for (Class<?> one : List.of(ChatwootClient.class, BaserowClient.class, Application.class)) {
            read(Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
    }

    @Test
    void who_repeats_a_call_is_documented_as_it_is() throws IOException {
        var made = new TreeMap<String, Set<String>>();
        for (String client : List.of("ChatwootClient", "Conversations", "Messages", "Contacts", "AccountSetup")) {
            made.putAll(repeated("adapter-chatwoot", "chatwoot", client));
        }
        made.putAll(repeated("adapter-baserow", "baserow", "BaserowClient"));
        // Asked by each call that depends on it, and kept: not worth a list of its own.
        made.put("status", Set.of("the next call that needs it"));
        made.put("toggle_typing", Set.of(NOBODY));

        assertThat(made).hasSizeGreaterThan(40);
        assertThat(documented()).isEqualTo(made);
    }

    /** For each call a client's class makes, who repeats it. */
    private static Map<String, Set<String>> repeated(String module, String place, String client) throws IOException {
        String source = read(module + "/src/main/java/io/github/almeidatech/wppflow/" + place + "/" + client + ".java");
        Map<String, String> bodies = bodies(source);
        var repeated = new TreeMap<String, Set<String>>();
        for (var method : bodies.entrySet()) {
            Matcher call = CALL.matcher(method.getValue());
            while (call.find()) {
                String name = call.group(1) == null ? call.group(2) : call.group(1);
                Set<String> who = repeated.computeIfAbsent(name, each -> new TreeSet<>());
                for (String way : waysTo(method.getKey(), bodies)) {
                    for (String user : CALLERS.getOrDefault(place + "/" + client + "." + way, Set.of())) {
                        if (!user.equals(client)) {
                            who.addAll(REPEATED.getOrDefault(
                                    user + " " + way, REPEATED.getOrDefault(user, List.of("? " + user + " " + way))));
                        }
                    }
                }
            }
        }
        repeated.values().stream().filter(Set::isEmpty).forEach(who -> who.add(CALLER));
        return repeated;
    }

    /** The methods of a class by their names, those of one name together. */
    private static Map<String, String> bodies(String source) {
        var bodies = new TreeMap<String, String>();
        Matcher method = METHOD.matcher(source);
        String name = null;
        int from = 0;
        while (method.find()) {
            if (name != null) {
                bodies.merge(name, source.substring(from, method.start()), String::concat);
            }
            name = method.group(1);
            from = method.end();
        }
        if (name != null) {
            bodies.merge(name, source.substring(from), String::concat);
        }
        return bodies;
    }

    /** The method, and those of its class that call it. */
    private static Set<String> waysTo(String method, Map<String, String> bodies) {
        var ways = new TreeSet<>(Set.of(method));
        Set<String> before = Set.of();
        while (!ways.equals(before)) {
            before = Set.copyOf(ways);
            for (String way : before) {
                Pattern use = Pattern.compile("(?<![\\w.])" + way + "\\(");
                bodies.forEach((name, body) -> {
                    if (use.matcher(body).find()) {
                        ways.add(name);
                    }
                });
            }
        }
        return ways;
    }

    private static void read(Path compiled) throws IOException, URISyntaxException {
        if (Files.isDirectory(compiled)) {
            readClasses(compiled);
        } else {
            try (var jar = FileSystems.newFileSystem(compiled)) {
                readClasses(jar.getPath("/"));
            }
        }
    }

    private static void readClasses(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                String type = file.getFileName().toString().replaceFirst("[$.].*", "");
                for (String called : called(file)) {
                    CALLERS.computeIfAbsent(called, each -> new TreeSet<>()).add(type);
                }
            }
        }
    }

    /** The methods a class file names in its constants, JVM Specification 4.4: {@code chatwoot/Messages.create}. */
    private static Set<String> called(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            in.skipNBytes(8);
            int size = in.readUnsignedShort();
            var text = new String[size];
            var first = new int[size];
            var second = new int[size];
            var tags = new int[size];
            for (int i = 1; i < size; i++) {
                tags[i] = in.readUnsignedByte();
                switch (tags[i]) {
                    case 1 -> text[i] = in.readUTF();
                    case 3, 4 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++;
                    }
                    case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
                    case 15 -> in.skipNBytes(3);
                    default -> {
                        first[i] = in.readUnsignedShort();
                        second[i] = in.readUnsignedShort();
                    }
                }
            }
            var called = new TreeSet<String>();
            for (int i = 1; i < size; i++) {
                if (tags[i] == 10 || tags[i] == 11) {
                    String owner = text[first[first[i]]];
                    called.add(owner.replace("io/github/almeidatech/wppflow/", "") + "." + text[first[second[i]]]);
                }
            }
            return called;
        }
    }

    /** The third cell from the right, of the rows that name their call. */
    private static Map<String, Set<String>> documented() throws IOException {
        var documented = new TreeMap<String, Set<String>>();
        Matcher row = ROW.matcher(read("docs/outside-calls.md"));
        while (row.find()) {
            String[] cells = row.group(2).split("\\|");
            documented.put(
                    row.group(1),
                    new TreeSet<>(List.of(cells[cells.length - 3].strip().split("; "))));
        }
        return documented;
    }

    private static String read(String file) throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return Files.readString(folder.resolve(file)).replace("\r\n", "\n");
    }
}
