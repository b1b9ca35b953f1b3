package io.github.almeidatech.wppflow.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's settings with some of them changed, to see what would come of it: how it talks, routes, calls people, and
 * which of its models it asks how. Addresses, keys and files cannot be changed here, so a caller reaches nothing new.
 */
public final class TenantTrial {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new DurationModule())
            .addModule(new SimpleModule().addSerializer(Duration.class, ToStringSerializer.instance))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private TenantTrial() {}

    /** What can be changed. */
    record Settings(
            @NotBlank @Size(max = 100) String name,
            @Pattern(regexp = "pt-BR|en|es") String language,
            @NotBlank String timeZone,
            @Valid Config.Routing routing,
            @Valid Config.Hours hours,
            @Valid Config.Handoff handoff,
            @Valid Config.Replies replies,
            @Valid ModelChoice models) {}

    /** Of the tenant's providers, which is asked, for which of its models, and how; null parts stay as configured. */
    record ModelChoice(
            @Nullable String provider,

            @Nullable @Pattern(regexp = "\\S.*", message = "a name wanted")
            String chatModel,

            @Nullable @Pattern(regexp = "\\S.*", message = "a name wanted")
            String intentModel,

            @Nullable
            @DecimalMin(value = "0.0", message = "0 to 2 wanted")
            @DecimalMax(value = "2.0", message = "0 to 2 wanted")
            Double temperature,

            boolean classify,

            @DecimalMin(value = "0.0", message = "0 to 1 wanted") @DecimalMax(value = "1.0", message = "0 to 1 wanted")
            double classifyBelow) {}

    /**
     * The tenant as it would be.
     *
     * @param changes of the shape of a tenant in the file; what is left out stays
     * @throws ConfigException naming everything that is wrong, below {@code settings}
     */
    public static Config.Tenant of(Config.Tenant present, JsonNode changes) {
        if (!(changes instanceof ObjectNode given)) {
            throw new ConfigException(List.of("settings: keys and values wanted"));
        }
        Config.Models models = present.models();
        ObjectNode tree = MAPPER.valueToTree(new Settings(
                present.name(),
                present.language(),
                present.timeZone(),
                present.routing(),
                present.hours(),
                present.handoff(),
                present.replies(),
                new ModelChoice(null, null, null, null, models.classify(), models.classifyBelow())));
        ConfigReader.merge(tree, given.deepCopy());
        tree.path("routing").path("intents").forEach(ConfigReader::readOffAsWord);
        var problems = new ArrayList<String>();
        new ShapeCheck(problems).check(tree, Settings.class, "settings");
        refuse(problems);
        Settings wanted = bind(tree);
        ConfigReader.violations(wanted).forEach(each -> problems.add("settings." + each));
        refuse(problems);
        Config.Tenant changed = changed(present, wanted);
        if (!Objects.equals(present.hours().holidaysFile(), wanted.hours().holidaysFile())) {
            problems.add("settings.hours.holidays_file: cannot be changed here");
        }
        if (wanted.models().provider() != null && changed.models().providers().isEmpty()) {
            problems.add("settings.models.provider: one of the tenant's providers wanted");
        }
        problems.addAll(ConfigRules.problemsOfTalk("settings", changed));
        refuse(problems);
        return changed;
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private static Settings bind(ObjectNode tree) {
        try {
            return MAPPER.treeToValue(tree, Settings.class);
        } catch (JsonProcessingException e) {
            throw new ConfigException(List.of("settings: " + e.getOriginalMessage()));
        }
    }

    private static Config.Tenant changed(Config.Tenant present, Settings wanted) {
        return new Config.Tenant(
                wanted.name(),
                wanted.language(),
                wanted.timeZone(),
                present.phoneRegion(),
                present.chatwoot(),
                present.webhooks(),
                present.turns(),
                present.retention(),
                wanted.routing(),
                wanted.hours(),
                present.policies(),
                wanted.handoff(),
                present.knowledge(),
                present.baserow(),
                changed(present.models(), wanted.models()),
                wanted.replies(),
                present.outgoingWebhooks());
    }

    private static Config.Models changed(Config.Models present, ModelChoice wanted) {
        Stream<Config.ModelProvider> asked = present.providers().stream()
                .filter(each -> wanted.provider() == null || each.provider().equals(wanted.provider()));
        return new Config.Models(
                asked.map(each -> changed(each, wanted)).toList(),
                wanted.classify(),
                wanted.classifyBelow(),
                present.maskPersonalNumbers(),
                present.tokensPerDay(),
                present.tokensPerConversation(),
                present.tokensPerTurn(),
                present.dollarsPerDay(),
                present.dollarsPerConversation(),
                present.mediaDollarsPerTurn(),
                present.timeLimit(),
                present.intentTimeLimit(),
                present.maxConcurrent(),
                present.maxPerMinute());
    }

    /** The price stays only with its models. */
    private static Config.ModelProvider changed(Config.ModelProvider present, ModelChoice wanted) {
        String chat = wanted.chatModel() == null ? present.chatModel() : wanted.chatModel();
        String intent = wanted.intentModel() == null ? present.intentModel() : wanted.intentModel();
        boolean same = Objects.equals(chat, present.chatModel()) && Objects.equals(intent, present.intentModel());
        return new Config.ModelProvider(
                present.provider(),
                present.apiKey(),
                present.baseUrl(),
                chat,
                intent,
                present.visionModel(),
                present.transcriptionModel(),
                present.embeddingModel(),
                wanted.temperature() == null ? present.temperature() : wanted.temperature(),
                present.tokenLimit(),
                present.jsonMode(),
                same ? present.price() : null,
                present.plainHttp());
    }
}
