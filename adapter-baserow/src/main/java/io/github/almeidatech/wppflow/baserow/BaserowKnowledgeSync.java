package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.baserow.SyncReport.RowProblem;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of a knowledge table into the knowledge base, and takes out what was deleted or switched off. Only
 * documents that changed are indexed again. Their ids begin with {@code baserow:}, the table's number and a colon, so that
 * documents from elsewhere are never touched.
 *
 * <p>Thread-safe; blocks; owns no threads. While Baserow does not answer, questions are answered from what is there.
 */
public final class BaserowKnowledgeSync {

    private static final int MAX_ID = 150;

    private final TenantId tenant;
    private final KnowledgeTable table;
    private final KnowledgeBase knowledge;
    private final @Nullable DocumentStore documents;
    private final TableReader reader;
    private final String prefix;

    private final AtomicBoolean syncing = new AtomicBoolean();
    private final Map<Long, String> documentByRow = new HashMap<>();
    private final Map<String, Long> rowByDocument = new HashMap<>();
    private final Map<Long, String> wantedByRow = new HashMap<>();
    private boolean leftoversRemoved;

    private BaserowKnowledgeSync(Builder settings) {
        this.tenant = settings.tenant;
        this.table = settings.table;
        this.knowledge = settings.knowledge;
        this.documents = settings.documents;
        this.prefix = "baserow:" + table.id() + ":";
        String tenants = table.name(KnowledgeColumn.TENANT);
        this.reader = new TableReader(
                settings.client,
                table.id(),
                table.allNames(),
                tenants == null ? null : RowFilter.equal(tenants, tenant.value()),
                row -> tenants == null || row.text(tenants).equals(tenant.value()),
                table.name(KnowledgeColumn.LAST_MODIFIED),
                settings.fullEvery,
                settings.clock);
    }

    /** One still to be set up. */
    public static Builder builder(
            BaserowClient client, TenantId tenant, KnowledgeTable table, KnowledgeBase knowledge) {
        return new Builder(client, tenant, table, knowledge);
    }

    /** What the table must have, for {@link SchemaCheck}. */
    public TableExpectation expectation() {
        return table.expectation();
    }

    /**
     * Takes over what has changed since the last time. Repeating it is harmless; nothing happens while another thread does
     * it.
     *
     * @throws BaserowException when Baserow does not answer, or a column is gone; what was read until then stays, and the next
     *     call goes on
     */
    public SyncReport sync() {
        if (!syncing.compareAndSet(false, true)) {
            return new SyncReport(0, 0, 0, false, List.of());
        }
        try {
            var problems = new ArrayList<RowProblem>();
            TableReader.Outcome outcome = reader.read(rows -> take(rows, problems), this::drop);
            for (int i = 0; i < outcome.tooLarge(); i++) {
                problems.add(new RowProblem(0, BaserowError.TOO_LARGE.word()));
            }
            int leftovers = outcome.whole() ? removeLeftovers() : 0;
            return new SyncReport(
                    outcome.rowsRead(), outcome.changed(), outcome.removed() + leftovers, outcome.whole(), problems);
        } finally {
            syncing.set(false);
        }
    }

    private void take(List<BaserowRow> rows, List<RowProblem> problems) {
        rows.forEach(row -> row.mustHave(table.allNames()));
        var put = new ArrayList<Document>();
        var removed = new LinkedHashSet<String>();
        for (BaserowRow row : rows) {
            Optional<Document> document = document(row);
            String before = documentByRow.get(row.id());
            if (before != null
                    && document.filter(now -> now.id().equals(before)).isEmpty()) {
                release(row.id(), before);
                removed.add(before);
            }
            wantedByRow.remove(row.id());
            document.ifPresent(now -> {
                Long owner = rowByDocument.putIfAbsent(now.id(), row.id());
                if (owner == null || owner == row.id()) {
                    documentByRow.put(row.id(), now.id());
                    removed.remove(now.id());
                    put.add(now);
                } else {
                    wantedByRow.put(row.id(), now.id());
                    problems.add(new RowProblem(row.id(), "same_id"));
                }
            });
        }
        if (!removed.isEmpty()) {
            knowledge.remove(tenant, removed);
        }
        if (!put.isEmpty()) {
            knowledge.put(tenant, put);
        }
    }

    private void drop(Set<Long> rows) {
        var removed = new ArrayList<String>();
        for (long row : rows) {
            wantedByRow.remove(row);
            String document = documentByRow.get(row);
            if (document != null) {
                release(row, document);
                removed.add(document);
            }
        }
        if (!removed.isEmpty()) {
            knowledge.remove(tenant, removed);
        }
    }

    /** Another row that wanted the same id has it from now on. */
    private void release(long row, String document) {
        documentByRow.remove(row);
        rowByDocument.remove(document);
        wantedByRow.forEach((waiting, wanted) -> {
            if (wanted.equals(document)) {
                reader.handOverAgain(waiting);
            }
        });
    }

    /** Empty for rows that are switched off or say nothing, such as a question that waits for its answer. */
    private Optional<Document> document(BaserowRow row) {
        String title = row.text(table.name(KnowledgeColumn.TITLE));
        String content = row.text(table.name(KnowledgeColumn.CONTENT));
        String enabled = table.name(KnowledgeColumn.ENABLED);
        if (content.isBlank() || enabled != null && !row.truth(enabled)) {
            return Optional.empty();
        }
        String own = row.text(table.name(KnowledgeColumn.ID));
        String id = own.isBlank() || own.length() > MAX_ID ? "row-" + row.id() : own;
        String domain = row.text(table.name(KnowledgeColumn.DOMAIN));
        return Optional.of(new Document(prefix + id, title, content, domain.isBlank() ? null : domain));
    }

    /** Documents of rows that were deleted while nobody was looking. */
    private int removeLeftovers() {
        if (documents == null || leftoversRemoved) {
            return 0;
        }
        var leftovers = new HashSet<String>();
        for (Document document : documents.all(tenant)) {
            if (document.id().startsWith(prefix) && !rowByDocument.containsKey(document.id())) {
                leftovers.add(document.id());
            }
        }
        int removed = leftovers.isEmpty() ? 0 : knowledge.remove(tenant, leftovers);
        leftoversRemoved = true;
        return removed;
    }

    /** What a synchronisation is made of; every setting has a default. */
    public static final class Builder {

        private final BaserowClient client;
        private final TenantId tenant;
        private final KnowledgeTable table;
        private final KnowledgeBase knowledge;
        private @Nullable DocumentStore documents;
        private Duration fullEvery = Duration.ofHours(1);
        private InstantSource clock = InstantSource.system();

        private Builder(BaserowClient client, TenantId tenant, KnowledgeTable table, KnowledgeBase knowledge) {
            this.client = client;
            this.tenant = tenant;
            this.table = table;
            this.knowledge = knowledge;
        }

        /**
         * Where the knowledge base keeps its documents, so that rows deleted while this process was down are noticed.
         * Default: they are not.
         */
        public Builder documents(DocumentStore store) {
            this.documents = store;
            return this;
        }

        /** How often the whole table is read although a "last modified" column tells what is new. Default: hourly. */
        public Builder fullEvery(Duration time) {
            this.fullEvery = time;
            return this;
        }

        /** The clock. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The synchronisation. */
        public BaserowKnowledgeSync build() {
            return new BaserowKnowledgeSync(this);
        }
    }
}
