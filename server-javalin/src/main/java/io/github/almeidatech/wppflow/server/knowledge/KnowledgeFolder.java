package io.github.almeidatech.wppflow.server.knowledge;

import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant's folder of documents, kept in the knowledge base: what is new, changed or removed there is so here after the
 * next look. A file that cannot be read leaves what it said before, and the others alone; a folder that is not there
 * changes nothing. Files are compared by size and time first, then by content; after a restart by content alone. Looked
 * into by one thread at a time.
 *
 * <p>A file that was written in the last moments counts when two looks have found it the same: what is still being copied is not
 * read. Only the first look takes what is there.
 */
public final class KnowledgeFolder {

    /** What the ids of its documents begin with. */
    static final String PREFIX = "folder/";

    private static final Logger log = LoggerFactory.getLogger(KnowledgeFolder.class);
    private static final int DEPTH = 8;
    private static final int LONGEST_NAME = 150;
    /** A file may be written again within the resolution of its time. */
    private static final Duration STILL_HOT = Duration.ofSeconds(2);

    private final TenantId tenant;
    private final Path folder;
    private final KnowledgeBase knowledge;
    private final DocumentFiles files;
    private final InstantSource clock;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final Map<String, Stamp> arriving = new HashMap<>();
    private volatile Map<String, String> problems = Map.of();
    private boolean looked;
    private boolean waiting;
    private boolean orphans = true;
    private boolean missing;

    public KnowledgeFolder(
            TenantId tenant, Path folder, KnowledgeBase knowledge, DocumentFiles files, InstantSource clock) {
        this.tenant = tenant;
        this.folder = folder;
        this.knowledge = knowledge;
        this.files = files;
        this.clock = clock;
    }

    /** A file as it was when last read. */
    private record Seen(
            long size,
            @Nullable FileTime time,
            String hash,
            @Nullable String problem) {}

    /** How a file was left by who last wrote it. */
    private record Stamp(long size, FileTime time) {}

    TenantId tenant() {
        return tenant;
    }

    /** Files that cannot be read, with what is wrong. */
    public Map<String, String> problems() {
        return problems;
    }

    /** How many files were read without a problem. */
    public int readable() {
        return (int)
                seen.values().stream().filter(each -> each.problem() == null).count();
    }

    /** Whether the last look has found a file that may still be written. */
    boolean arriving() {
        return waiting;
    }

    /** Takes over what has changed. */
    public void look() {
        waiting = false;
        Map<String, Path> present;
        try {
            present = list();
        } catch (IOException | UncheckedIOException e) {
            if (!missing) {
                log.warn("the knowledge folder of tenant {} cannot be read; its documents stay as they are", tenant, e);
            }
            missing = true;
            return;
        }
        missing = false;
        boolean first = !looked;
        looked = true;
        orphans |= seen.keySet().retainAll(present.keySet());
        arriving.keySet().retainAll(present.keySet());
        var read = new LinkedHashMap<String, List<Document>>();
        for (var file : present.entrySet()) {
            byte[] changed = changed(file.getKey(), file.getValue(), first);
            if (changed != null) {
                read(file.getKey(), changed, read);
            }
        }
        if (!read.isEmpty()) {
            take(read);
        }
        if (orphans) {
            removeOrphans(present);
            orphans = false;
        }
        var wrong = new TreeMap<String, String>();
        seen.forEach((name, each) -> {
            if (each.problem() != null) {
                wrong.put(name, each.problem());
            }
        });
        problems = Map.copyOf(wrong);
    }

    private Map<String, Path> list() throws IOException {
        try (Stream<Path> found = Files.walk(folder, DEPTH)) {
            var present = new TreeMap<String, Path>();
            found.filter(Files::isRegularFile).forEach(file -> {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (DocumentFiles.isOne(name) && Stream.of(name.split("/")).noneMatch(KnowledgeFolder::isHidden)) {
                    present.put(name, file);
                }
            });
            return present;
        }
    }

    /** Also what office programs keep beside an open file. */
    private static boolean isHidden(String part) {
        return part.startsWith(".") || part.startsWith("~");
    }

    /** The content, when it is another than before. */
    private byte @Nullable [] changed(String name, Path file, boolean first) {
        Seen before = seen.get(name);
        try {
            long size = Files.size(file);
            FileTime time = Files.getLastModifiedTime(file);
            if (before != null && before.size() == size && time.equals(before.time())) {
                return null;
            }
            boolean hot = time.toInstant().isAfter(clock.instant().minus(STILL_HOT));
            var left = new Stamp(size, time);
            if (!left.equals(arriving.put(name, left)) && hot && !first) {
                waiting = true;
                return null;
            }
            if (size > DocumentFiles.MAX_BYTES) {
                note(name, new Seen(size, time, "", "too_large"));
                return null;
            }
            byte[] content = Files.readAllBytes(file);
            String hash = hash(content);
            String problem = before == null ? null : before.problem();
            seen.put(name, new Seen(content.length, hot ? null : time, hash, problem));
            return before != null && before.hash().equals(hash) ? null : content;
        } catch (IOException e) {
            note(name, new Seen(-1, null, "", "cannot be read"));
            return null;
        }
    }

    private void read(String name, byte[] content, Map<String, List<Document>> read) {
        Seen now = seen.getOrDefault(name, new Seen(-1, null, "", null));
        try {
            List<Document> documents = new ArrayList<>();
            for (Document each : files.read(name, content)) {
                String id = PREFIX + shortName(name) + each.id().substring(name.length());
                documents.add(new Document(id, each.title(), each.content(), each.domain()));
            }
            read.put(name, documents);
            note(name, new Seen(now.size(), now.time(), now.hash(), null));
        } catch (IOException | IllegalArgumentException e) {
            String problem = e.getMessage() == null ? "cannot be read" : e.getMessage();
            note(name, new Seen(now.size(), now.time(), now.hash(), problem.replace(name + ": ", "")));
        }
    }

    /** All at once: a commit for each of a thousand files takes long. What cannot be stored now is read again. */
    private void take(Map<String, List<Document>> read) {
        List<Document> documents = read.values().stream().flatMap(List::stream).toList();
        Set<String> kept = documents.stream().map(Document::id).collect(Collectors.toSet());
        Set<String> those =
                read.keySet().stream().map(name -> PREFIX + shortName(name)).collect(Collectors.toSet());
        try {
            List<String> gone = ids().stream()
                    .filter(id -> those.contains(fileOf(id)) && !kept.contains(id))
                    .toList();
            knowledge.put(tenant, documents);
            if (!gone.isEmpty()) {
                knowledge.remove(tenant, gone);
            }
        } catch (RuntimeException e) {
            seen.keySet().removeAll(read.keySet());
            throw e;
        }
    }

    private void note(String name, Seen now) {
        Seen before = seen.put(name, now);
        if (now.problem() != null && (before == null || !now.problem().equals(before.problem()))) {
            log.warn("file {} of the knowledge folder of tenant {} is left out: {}", name, tenant, now.problem());
        }
    }

    private void removeOrphans(Map<String, Path> present) {
        Set<String> kept =
                present.keySet().stream().map(name -> PREFIX + shortName(name)).collect(Collectors.toSet());
        List<String> gone = ids().stream()
                .filter(id -> id.startsWith(PREFIX) && !kept.contains(fileOf(id)))
                .toList();
        if (!gone.isEmpty()) {
            int removed = knowledge.remove(tenant, gone);
            log.info("{} documents of removed files of tenant {} are gone", removed, tenant);
        }
    }

    private List<String> ids() {
        return knowledge.documents(tenant).stream()
                .map(each -> each.document().id())
                .toList();
    }

    private static String fileOf(String id) {
        int row = id.indexOf('#');
        return row < 0 ? id : id.substring(0, row);
    }

    private static String shortName(String name) {
        String plain = name.replace('#', '_');
        return plain.length() <= LONGEST_NAME
                ? plain
                : plain.substring(plain.length() - LONGEST_NAME + 9) + "~" + Integer.toHexString(plain.hashCode());
    }

    /** SHA-256, 64 hexadecimal digits. */
    static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
