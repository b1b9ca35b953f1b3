package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

final class Grounding {
    private Grounding() {}

    static List<String> problems(String text, List<KnowledgeAnswer.Source> cited) {
        String all = cited.stream().map(KnowledgeAnswer.Source::text).collect(Collectors.joining("\n"));
        var problems = new ArrayList<String>();
        var numbers = Pattern.compile("\\d+").matcher(text);
        while (numbers.find()) {
            if (!all.contains(numbers.group())) {
                problems.add(numbers.group());
            }
        }
        return problems;
    }
}
