package io.github.almeidatech.wppflow.chatwoot;

import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * What Chatwoot makes of a stored text for a WhatsApp inbox: plain CommonMark, WhatsApp's marks, links as bare addresses,
 * HTML gone. Later releases hide blank lines from the parser behind a placeholder; the first ones (4.9) lose them, and know
 * no numbered lists.
 */
final class ChatwootWhatsappRendering {

    private static final Pattern BLANK_LINES = Pattern.compile("\\n{2,}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{PRESERVE_(\\d+)_NEWLINES\\}\\}");
    private static final Parser PARSER = Parser.builder().build();

    private ChatwootWhatsappRendering() {}

    /** By a release that keeps blank lines. */
    static String now(String stored) {
        String hidden = BLANK_LINES
                .matcher(stored.replaceAll("(?m)^[ \\t]+$", ""))
                .replaceAll(lines -> "{{PRESERVE_" + lines.group().length() + "_NEWLINES}}");
        return PLACEHOLDER
                .matcher(render(hidden, true))
                .replaceAll(found -> "\n".repeat(Integer.parseInt(found.group(1))));
    }

    /** By the first release with a renderer. */
    static String first(String stored) {
        return render(stored, false);
    }

    private static String render(String text, boolean numbers) {
        var writer = new Writer(numbers);
        PARSER.parse(text).accept(writer);
        return writer.out.toString().replaceAll("\\n+$", "");
    }

    private static final class Writer extends AbstractVisitor {

        private final StringBuilder out = new StringBuilder();
        private final boolean numbers;
        private int number;

        Writer(boolean numbers) {
            this.numbers = numbers;
        }

        private void newLine() {
            if (out.length() > 0 && out.charAt(out.length() - 1) != '\n') {
                out.append('\n');
            }
        }

        private void around(Node node, String before, String after) {
            out.append(before);
            visitChildren(node);
            out.append(after);
        }

        @Override
        public void visit(Paragraph node) {
            visitChildren(node);
            newLine();
        }

        @Override
        public void visit(Heading node) {
            visitChildren(node);
            newLine();
        }

        @Override
        public void visit(Text node) {
            out.append(node.getLiteral());
        }

        @Override
        public void visit(StrongEmphasis node) {
            around(node, "*", "*");
        }

        @Override
        public void visit(Emphasis node) {
            around(node, "_", "_");
        }

        @Override
        public void visit(Code node) {
            out.append('`').append(node.getLiteral()).append('`');
        }

        @Override
        public void visit(FencedCodeBlock node) {
            out.append(node.getLiteral());
        }

        @Override
        public void visit(IndentedCodeBlock node) {
            out.append(node.getLiteral());
        }

        @Override
        public void visit(Link node) {
            out.append(node.getDestination());
        }

        @Override
        public void visit(BulletList node) {
            number = 0;
            visitChildren(node);
            newLine();
        }

        @Override
        public void visit(OrderedList node) {
            number = numbers ? node.getMarkerStartNumber() : 0;
            visitChildren(node);
            newLine();
        }

        @Override
        public void visit(ListItem node) {
            out.append(number > 0 ? number++ + ". " : "- ");
            visitChildren(node);
            newLine();
        }

        @Override
        public void visit(BlockQuote node) {
            out.append("> ");
            visitChildren(node);
            newLine();
        }

        @Override
        public void visit(SoftLineBreak node) {
            out.append('\n');
        }

        @Override
        public void visit(HardLineBreak node) {
            out.append('\n');
        }
    }
}
