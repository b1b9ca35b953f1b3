package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Language;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.pt.PortugueseStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.tartarus.snowball.ext.SpanishStemmer;

/** Brings forms of a word together. Works on words without accents. Thread-safe. */
final class Stemmer {

    private final Analyzer portuguese = chain(Language.PT_BR);
    private final Analyzer english = chain(Language.EN);
    private final Analyzer spanish = chain(Language.ES);

    private static Analyzer chain(Language language) {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                var words = new WhitespaceTokenizer();
                TokenStream stems = switch (language) {
                    case PT_BR -> new PortugueseStemFilter(words);
                    case EN -> new PorterStemFilter(words);
                    case ES -> new SnowballFilter(words, new SpanishStemmer());
                };
                return new TokenStreamComponents(words, stems);
            }
        };
    }

    /** The stems of words without accents, in the same order. */
    List<String> stems(List<String> words, Language language) {
        Analyzer chain = switch (language) {
            case PT_BR -> portuguese;
            case EN -> english;
            case ES -> spanish;
        };
        var text = new StringBuilder();
        words.forEach(word ->
                text.append(language == Language.PT_BR ? verbOf(word) : word).append(' '));
        List<String> stems = new ArrayList<>(words.size());
        try (var stream = chain.tokenStream("", new StringReader(text.toString()))) {
            var term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                stems.add(term.toString());
            }
            stream.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (stems.size() != words.size()) {
            throw new IllegalStateException(words.size() + " words, but " + stems.size() + " stems");
        }
        return stems;
    }

    /** The stemmer knows {@code -ação} only with its accents, which chat text lacks. */
    private static String verbOf(String word) {
        if (word.length() > 6 && word.endsWith("acao")) {
            return word.substring(0, word.length() - 4) + "ar";
        }
        if (word.length() > 6 && word.endsWith("icao")) {
            return word.substring(0, word.length() - 4) + "ir";
        }
        return word;
    }

    /** One form for singular and plural of Portuguese, Spanish and English words without accents. */
    static String singular(String word) {
        int n = word.length();
        if (n < 4 || word.charAt(n - 1) != 's' || !Character.isLetter(word.charAt(0))) {
            return word;
        }
        if (word.endsWith("ss") || word.endsWith("us") || word.endsWith("is") && !isPluralOfL(word)) {
            return word;
        }
        if (word.endsWith("oes") || word.endsWith("aes")) {
            return word.substring(0, n - 3) + "ao";
        }
        if (word.endsWith("ais") || word.endsWith("eis") || word.endsWith("ois")) {
            return n > 4 ? word.substring(0, n - 2) + "l" : word;
        }
        if (word.endsWith("ens") || word.endsWith("ins") || word.endsWith("uns")) {
            return word.substring(0, n - 2) + "m";
        }
        if (n > 4 && (word.endsWith("res") || word.endsWith("zes")) || word.endsWith("eses")) {
            return word.substring(0, n - 2);
        }
        return word.substring(0, n - 1);
    }

    private static boolean isPluralOfL(String word) {
        return word.length() > 4 && (word.endsWith("ais") || word.endsWith("eis") || word.endsWith("ois"));
    }
}
