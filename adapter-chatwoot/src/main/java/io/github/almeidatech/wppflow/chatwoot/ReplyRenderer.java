package io.github.almeidatech.wppflow.chatwoot;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/**
 * Writes CommonMark the way a channel shows it. Only what WhatsApp can show is left as marks (bold, italic, struck, code);
 * the rest becomes lines: headings bold, lists with bullets or numbers, tables a line for each row, links their text and
 * address. Links, e-mail addresses and Pix codes are not touched, Liquid's braces are defused.
 *
 * <p>Chatwoot's own renderer differs between its versions in how it treats lists, headings and blank lines, so none of
 * these is left to it. Immutable and thread-safe.
 */
public final class ReplyRenderer {

    /** No bubble is as long; the reader's time may grow with the square of it. */
    private static final int MAX_READ = 20_000;

    private static final Pattern MANY_BLANK_LINES = Pattern.compile("\\n{3,}");
    private static final Pattern TRAILING_BLANKS = Pattern.compile("(?<![ \\t])[ \\t]++(?=\\n|$)");

    private static final Pattern LEADING_BLANKS = Pattern.compile("(?m)^[ \\t]+");

    private final Parser parser = Parser.builder()
            .extensions(List.of(TablesExtension.create(), StrikethroughExtension.create()))
            // No HTML and no code by indentation: in a chat both are just text.
            .enabledBlockTypes(Set.of(
                    Heading.class, ListBlock.class, BlockQuote.class, FencedCodeBlock.class, ThematicBreak.class))
            .maxOpenBlockParsers(20)
            .build();

    /**
     * The text in that style; never blank unless the text is. What is longer than {@value #MAX_READ} characters is written
     * as typed.
     */
    public String render(String commonMark, TextStyle style) {
        var untouched = new UntouchedText();
        if (commonMark.length() > MAX_READ) {
            return LiquidBraces.defuse(new ReplyWriter(style, untouched).literally(asTyped(commonMark)));
        }
        Node document = parser.parse(untouched.takeOut(commonMark.replace("\r\n", "\n")));
        var writer = new ReplyWriter(style, untouched);
        document.accept(writer);
        String text = MANY_BLANK_LINES.matcher(trimmedLines(writer.text())).replaceAll("\n\n");
        // Something like a lone thematic break: better as typed than nothing.
        return LiquidBraces.defuse(text.isEmpty() ? writer.literally(asTyped(commonMark)) : text);
    }

    private static String asTyped(String text) {
        return LEADING_BLANKS.matcher(trimmedLines(text)).replaceAll("");
    }

    private static String trimmedLines(String text) {
        return TRAILING_BLANKS.matcher(text).replaceAll("").strip();
    }
}
