package io.github.almeidatech.wppflow.server.doctor;

import io.github.almeidatech.wppflow.chatwoot.GuardedHttp;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.DatabaseState;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.llm.LlmError;
import io.github.almeidatech.wppflow.llm.ModelCheck;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.server.MediaSettings;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Models;
import io.github.almeidatech.wppflow.server.SecretRotation;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.SecretFiles;
import io.github.almeidatech.wppflow.server.policy.PolicyFiles;
import io.github.almeidatech.wppflow.server.policy.PolicySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a server with this configuration can do its work: storage, disk, documents, and for each tenant its Chatwoot,
 * its tables in Baserow and its models. Changes nothing; may be used beside a running server. Models are asked for the least they can do, which
 * costs a fraction of a cent.
 */
public final class Doctor {

    private static final long LITTLE_SPACE = 1L << 30;
    private static final long NO_SPACE = 100L << 20;
    private static final Duration FAST_CLOCK = Duration.ofSeconds(5);
    private static final Duration CALL = Duration.ofSeconds(3);

    private final Config config;
    private final OkHttpClient http;
    private final InstantSource clock;

    /** @param http its threads are the caller's to end */
    public Doctor(Config config, OkHttpClient http, InstantSource clock) {
        this.config = config;
        this.http = http.newBuilder().callTimeout(CALL).build();
        this.clock = clock;
    }

    /**
     * Everything that was looked at, in a sensible order. Takes some seconds for each tenant, up to half a minute when
     * something hangs.
     *
     * @param only the one tenant to be looked at; null for all
     * @param askModels whether models are called
     */
    public List<Finding> examine(@Nullable String only, boolean askModels) {
        var findings = new ArrayList<Finding>();
        findings.add(storage());
        findings.add(space());
        findings.add(port());
        findings.addAll(media());
        findings.addAll(oldSecrets());
        try (LanguageModels models = Models.of(config, http, SpendLedger.inMemory(), new Metrics(), List.of(), clock)) {
            Tenants tenants = Tenants.of(config, models, http, new Metrics(), clock);
            for (Tenants.Tenant tenant : tenants.all()) {
                String id = tenant.id().value();
                if (only == null || only.equals(id)) {
                    new ChatwootExamination(tenant, http, clock).findings().forEach(each -> findings.add(each.of(id)));
                    webhooks(tenant).forEach(each -> findings.add(each.of(id)));
                    policies(tenant).forEach(each -> findings.add(each.of(id)));
                    new BaserowExamination(tenant, http, clock).findings().forEach(each -> findings.add(each.of(id)));
                    models(tenant, models, askModels).forEach(each -> findings.add(each.of(id)));
                }
            }
        } catch (ConfigException e) {
            e.problems().forEach(each -> findings.add(Finding.problem("configuration", each, "Correct it.")));
        }
        if (config.tenants().isEmpty()) {
            findings.add(Finding.problem("configuration", "there are no tenants", "Add one: wppflow tenant add."));
        }
        return findings;
    }

    /** Those in files: how old the others are, is not known here. */
    private List<Finding> oldSecrets() {
        return new SecretFiles(config)
                .ages(clock.instant()).entrySet().stream()
                        .filter(each -> each.getValue().compareTo(SecretRotation.OLD) > 0)
                        .map(each -> Finding.note(
                                "secrets",
                                each.getKey() + " has been the same for "
                                        + each.getValue().toDays() + " days",
                                "Replace it: docs/operations.md, Replacing secrets."))
                        .toList();
    }

    private Finding storage() {
        String url = config.storage().url();
        String name = url.replaceAll("//[^@/]*@", "//");
        try {
            DatabaseState state = Database.look(url, clock);
            if (state.clockAhead().abs().compareTo(FAST_CLOCK) > 0) {
                return Finding.problem(
                        "storage",
                        name + ": this machine's clock is " + state.clockAhead().toSeconds()
                                + " s ahead of the database's",
                        "Synchronise the clocks (chrony, systemd-timesyncd): instances trust each other's times.");
            }
            if (state.unrestricted()) {
                return Finding.note(
                        "storage",
                        name
                                + ": insecure: its user is a superuser or has bypassrls, so row-level security does not bind it",
                        "Give the server a user of its own: create role wppflow login, and make it the owner of the database.");
            }
            if (state.inUse()) {
                return Finding.ok("storage", name + " is in use, as it is while a server runs");
            }
            return Finding.ok(
                    "storage", state.exists() ? name + " can be opened" : name + " is made at the first start");
        } catch (FlowException | IllegalArgumentException e) {
            return Finding.problem(
                    "storage",
                    Objects.requireNonNullElse(e.getMessage(), "cannot be opened"),
                    "docs/operations.md, Backup, says how to restore; for PostgreSQL check address, user and password.");
        }
    }

    private Finding space() {
        String url = config.storage().url();
        Path folder = url.startsWith("sqlite:")
                ? Path.of(url.substring("sqlite:".length())).toAbsolutePath().getParent()
                : Path.of(System.getProperty("java.io.tmpdir"));
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        try {
            long free = Files.getFileStore(Objects.requireNonNull(folder)).getUsableSpace();
            String message = String.format(Locale.ROOT, "%.1f GiB free at %s", free / (double) (1L << 30), folder);
            if (free < NO_SPACE) {
                return Finding.problem("disk", message, "Free some: without it no message is taken.");
            }
            return free < LITTLE_SPACE
                    ? Finding.note("disk", message, "Watch it: without space no message is taken.")
                    : Finding.ok("disk", message);
        } catch (IOException e) {
            return Finding.problem("disk", folder + " cannot be looked at", "Check its permissions.");
        }
    }

    private Finding port() {
        int port = config.server().port();
        var request = new Request.Builder().url("http://127.0.0.1:" + port + "/health");
        try (var answer = http.newCall(request.build()).execute()) {
            return answer.isSuccessful()
                    ? Finding.ok("server", "a server answers on port " + port)
                    : Finding.note(
                            "server",
                            "something else answers on port " + port,
                            "Choose another server.port, or stop the other program.");
        } catch (IOException | IllegalArgumentException e) {
            return Finding.ok("server", "no server runs on port " + port);
        }
    }

    private List<Finding> media() {
        var reader = MediaReader.builder()
                .source((tenant, attachment, maxBytes, limit) -> {
                    throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
                })
                .limits(MediaSettings.limits(config.media()))
                .ffmpeg(config.media().ffmpeg())
                .clock(clock)
                .build();
        MediaText read = reader.read(
                Payer.of(new TenantId("doctor")), DOCUMENT.getBytes(StandardCharsets.US_ASCII), reader.deadline());
        Finding documents = read.match(
                text -> Finding.ok(
                        "documents",
                        (config.media().officeFiles() ? "PDF and DOCX are" : "PDF is")
                                + " read, in a process of its own"),
                unreadable -> Finding.problem(
                        "documents",
                        "a document could not be read: " + unreadable.reason().word(),
                        "The reader is a Java process of 256 MB: is there memory, and may this user start processes?"));
        Finding videos = reader.takesVideosApart()
                ? Finding.ok("videos", config.media().ffmpeg() + " is there")
                : Finding.note(
                        "videos",
                        config.media().ffmpeg() + " is not there: videos are not understood",
                        "Install ffmpeg, if customers send videos, or say in media.ffmpeg where it is.");
        return List.of(documents, videos);
    }

    /** Those of the tenant's files; what came over the API was checked then. */
    private static List<Finding> policies(Tenants.Tenant tenant) {
        String file = tenant.config().policies().file();
        if (file == null) {
            return List.of();
        }
        PolicyFiles.Content content = PolicyFiles.read(Path.of(file));
        PolicySource.Read read = PolicySource.read(content.documents(), tenant.sendableFrom()::permits);
        List<Finding> findings = Stream.concat(content.problems().stream(), read.problems().stream())
                .map(
                        problem -> Finding.problem(
                                "policies",
                                problem.toString(),
                                "Correct it: until then the server goes on with the last good ones. docs/policies.md has the form."))
                .toList();
        return findings.isEmpty()
                ? List.of(Finding.ok("policies", content.documents().size() + " in " + file + " are right"))
                : findings;
    }

    /** Whether there is somebody at each address. Nothing is posted: a workflow would begin to work. */
    private List<Finding> webhooks(Tenants.Tenant tenant) {
        var findings = new ArrayList<Finding>();
        tenant.config().outgoingWebhooks().forEach((name, webhook) -> {
            String what = "outgoing webhook " + name;
            if (webhook.url().contains("/webhook-test/")) {
                findings.add(Finding.note(
                        "webhooks",
                        what + ": n8n answers at a test address only while somebody watches its editor",
                        "Activate the workflow and use its production address, with /webhook/."));
            }
            var guarded = GuardedHttp.of(http, webhook.allowPrivateNetwork());
            try (var answer = guarded.newCall(
                            new Request.Builder().url(webhook.url()).head().build())
                    .execute()) {
                findings.add(Finding.ok("webhooks", what + ": somebody answers there"));
            } catch (IOException e) {
                findings.add(
                        GuardedHttp.isRefusal(e)
                                ? Finding.problem(
                                        "webhooks",
                                        what + ": its address is one of a private network",
                                        "Set its allow_private_network: true, if it is yours.")
                                : Finding.problem(
                                        "webhooks", what + ": nobody answers there", "Is its url right, and n8n up?"));
            }
        });
        return findings;
    }

    private static List<Finding> models(Tenants.Tenant tenant, LanguageModels models, boolean ask) {
        if (models.states(tenant.id()).isEmpty()) {
            return List.of(Finding.ok("models", "none: answers are quoted from the knowledge base"));
        }
        if (!ask) {
            return List.of(Finding.ok("models", models.states(tenant.id()).size() + " configured, not asked"));
        }
        return models.check(tenant.id()).stream().map(Doctor::model).toList();
    }

    private static Finding model(ModelCheck check) {
        String what = check.provider() + " " + check.model() + " to "
                + check.ability().word();
        LlmError error = check.error();
        if (error == null) {
            return Finding.ok("models", what + ": answers after " + check.took().toMillis() + " ms");
        }
        String detail = check.detail().isEmpty() ? "" : " (" + check.detail() + ")";
        return Finding.problem("models", what + ": " + error.word() + detail, adviceFor(error));
    }

    private static String adviceFor(LlmError error) {
        return switch (error) {
            case UNAUTHORIZED -> "Check api_key: it is wrong, or may not use this model.";
            case QUOTA_EXCEEDED -> "The account at the provider is out of credit.";
            case NOT_FOUND -> "Check the model's name and base_url, up to and including /v1.";
            case UNREACHABLE, BROKEN, TIMED_OUT ->
                "Check base_url, the network and the firewall; a local model may be loading.";
            case RATE_LIMITED, SERVER_ERROR, BUSY, CIRCUIT_OPEN -> "The provider has trouble: try again later.";
            case INVALID_REQUEST, TOO_LARGE ->
                "The model takes other parameters: try token_limit, json_mode, or no temperature.";
            case UNREADABLE_ANSWER, INVALID_ANSWER, REFUSED ->
                "The model does not answer in JSON as asked: try json_mode, or another model.";
            case OVER_BUDGET -> "The allowance is too small for one call: see tokens_per_day and dollars_per_day.";
            case NOT_CONFIGURED -> "Name a model.";
        };
    }

    /** One page, one word. */
    private static final String DOCUMENT = """
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
            4 0 obj<</Length 29>>stream
            BT /F 9 Tf 9 9 Td (ok) Tj ET
            endstream endobj
            5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
            trailer<</Root 1 0 R>>
            %%EOF
            """;
}
