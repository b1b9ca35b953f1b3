package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.llm.Ability;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.knowledge.DocumentFiles;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFile;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the documents that the configuration names for each tenant, and sees to it that they are kept up to date. */
final class KnowledgeSources {

    private static final Logger log = LoggerFactory.getLogger(KnowledgeSources.class);

    private final SharedParts shared;

    KnowledgeSources(SharedParts shared) {
        this.shared = shared;
    }

    void load() {
        shared.tenants.all().forEach(this::load);
    }

    private void load(Tenants.Tenant tenant) {
        Config.Knowledge settings = tenant.config().knowledge();
        if (settings.file() != null) {
            loadFile(tenant, Path.of(settings.file()));
        }
        if (settings.folder() != null) {
            var files = new DocumentFiles(tenant.id(), shared.database.mediaTexts());
            var folder =
                    new KnowledgeFolder(tenant.id(), Path.of(settings.folder()), shared.knowledge, files, shared.clock);
            shared.upkeep.watch(folder, settings.folderEvery());
            shared.metrics.watchFiles(
                    tenant.id(), folder::readable, () -> folder.problems().size());
        }
        if (shared.models.can(tenant.id(), Ability.EMBED)) {
            shared.upkeep.completeVectors(tenant.id(), shared.knowledge);
        }
    }

    private void loadFile(Tenants.Tenant tenant, Path file) {
        try {
            var documents = KnowledgeFile.read(file);
            shared.knowledge.put(tenant.id(), documents);
            log.info("{} documents of tenant {} loaded", documents.size(), tenant.id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
