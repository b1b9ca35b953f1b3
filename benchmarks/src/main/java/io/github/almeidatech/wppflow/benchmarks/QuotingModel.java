package io.github.almeidatech.wppflow.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes a scripted model answer with the beginning of the first passage it is given, and be sure of no intent. */
final class QuotingModel {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FIRST_PASSAGE =
            Pattern.compile("\"passages\":\\[\\{.*?\"text\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int LONGEST = 300;

    private QuotingModel() {}

    static ScriptedModel start() {
        return ScriptedModel.start()
                .when(call -> wanted(call).equals("answer"), QuotingModel::quote)
                .when(call -> wanted(call).equals("intent"), QuotingModel::undecided);
    }

    private static String wanted(ModelCall call) {
        return call.body().at("/response_format/json_schema/name").asText();
    }

    private static ModelReply quote(ModelCall call) {
        var passage = FIRST_PASSAGE.matcher(call.user());
        if (!passage.find()) {
            return ModelReply.text("{\"answered\":false,\"text\":\"\",\"passages\":[]}");
        }
        String text = read(passage.group(1)).replaceAll("\\s+", " ");
        if (text.length() > LONGEST) {
            text = text.substring(0, 1 + Math.max(text.lastIndexOf('.', LONGEST), 80));
        }
        return json(Map.of("answered", true, "text", text, "passages", List.of("1")));
    }

    private static ModelReply undecided(ModelCall call) {
        String first = call.body()
                .at("/response_format/json_schema/schema/properties/intent/enum/0")
                .asText();
        return json(Map.of("intent", first, "confidence", 0.1, "evidence", List.of()));
    }

    private static String read(String escaped) {
        try {
            return JSON.readValue('"' + escaped + '"', String.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ModelReply json(Map<String, Object> value) {
        try {
            return ModelReply.text(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
