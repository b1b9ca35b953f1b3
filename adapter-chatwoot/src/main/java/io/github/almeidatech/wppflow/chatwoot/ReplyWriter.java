package io.github.almeidatech.wppflow.chatwoot;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.jspecify.annotations.Nullable;

/** Writes one parsed reply in one style. Used by one thread, once. */
final class ReplyWriter extends AbstractVisitor {

    private final TextMarks marks;
    private final UntouchedText untouched;
    private StringBuilder out = new StringBuilder();
    private boolean inBold;
    private boolean inItalic;
    private boolean inStruck;
    private int listDepth;

    ReplyWriter(TextStyle style, UntouchedText untouched) {
        this.marks = new TextMarks(style, untouched);
        this.untouched = untouched;
    }

    String text() {
        return out.toString();
    }

    /** A text as it is, in which nothing means anything. */
    String literally(String text) {
        return marks.lineStarts(marks.literal(text));
    }

    // Blocks

    @Override
    public void visit(Paragraph paragraph) {
        begin(paragraph);
        out.append(marks.lineStarts(nested(paragraph)));
    }

    @Override
    public void visit(Heading heading) {
        begin(heading);
        boolean outer = inBold;
        inBold = true;
        String title = nested(heading);
        inBold = outer;
        out.append(marked(marks.bold(), title));
    }

    @Override
    public void visit(BlockQuote quote) {
        begin(quote);
        String inner = nested(quote);
        out.append(inner.lines().map(line -> marks.quote() + line).collect(Collectors.joining("\n")));
    }

    @Override
    public void visit(FencedCodeBlock code) {
        String text = untouched.putBack(code.getLiteral()).stripTrailing();
        String shown = text.isBlank() ? untouched.putBack(code.getInfo()) : text;
        if (!shown.isBlank()) {
            begin(code);
            out.append(marks.codeBlock(shown));
        }
    }

    @Override
    public void visit(BulletList list) {
        items(list, () -> listDepth == 1 ? "• " : "◦ ");
    }

    @Override
    public void visit(OrderedList list) {
        Integer start = list.getMarkerStartNumber();
        int[] number = {start == null ? 1 : start};
        items(list, () -> marks.number(number[0]++));
    }

    private void items(ListBlock list, Supplier<String> bullet) {
        begin(list);
        listDepth++;
        var lines = new ArrayList<String>();
        for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            lines.add(bullet.get() + nested(item).strip());
        }
        listDepth--;
        out.append(String.join("\n", lines));
    }

    @Override
    public void visit(CustomBlock block) {
        if (block instanceof TableBlock) {
            begin(block);
            out.append(marks.lineStarts(table(block)));
        } else {
            visitChildren(block);
        }
    }

    /** Two columns: a line "first: second". More: the first one, and the others with their heads. */
    private String table(Node block) {
        var rows = new ArrayList<List<String>>();
        for (Node part = block.getFirstChild(); part != null; part = part.getNext()) {
            for (Node row = part.getFirstChild(); row instanceof TableRow; row = row.getNext()) {
                rows.add(cells(row));
            }
        }
        List<String> heads = rows.get(0);
        if (rows.size() == 1) {
            return String.join(" | ", heads);
        }
        return rows.stream().skip(1).map(row -> tableLine(heads, row)).collect(Collectors.joining("\n"));
    }

    private String tableLine(List<String> heads, List<String> row) {
        var others = new ArrayList<String>();
        for (int i = 1; i < row.size(); i++) {
            if (!row.get(i).isBlank()) {
                String head = row.size() > 2 && i < heads.size() ? heads.get(i) : "";
                others.add(head.isBlank() ? row.get(i) : head + ": " + row.get(i));
            }
        }
        String first = row.isEmpty() ? "" : row.get(0);
        String separator = first.isBlank() || others.isEmpty() ? "" : row.size() > 2 ? " – " : ": ";
        return "• " + first + separator + String.join("; ", others);
    }

    private List<String> cells(Node row) {
        var cells = new ArrayList<String>();
        for (Node cell = row.getFirstChild(); cell instanceof TableCell; cell = cell.getNext()) {
            cells.add(nested(cell).strip());
        }
        return cells;
    }

    /** Puts the distance before a block: lists and what follows a heading stay close, the rest gets a blank line. */
    private void begin(Node block) {
        if (out.length() == 0) {
            return;
        }
        boolean close = block.getPrevious() instanceof Heading
                || block instanceof ListBlock
                || block instanceof TableBlock
                || block.getParent() instanceof ListItem;
        out.append(close ? "\n" : "\n\n");
    }

    /** What the children give, as a text of its own. */
    private String nested(Node parent) {
        StringBuilder outer = out;
        out = new StringBuilder();
        visitChildren(parent);
        String inner = out.toString();
        out = outer;
        return inner;
    }

    /** "[Horário]: 8h" would be the definition of a link, and vanish. */
    @Override
    public void visit(LinkReferenceDefinition definition) {
        begin(definition);
        String title = definition.getTitle() == null ? "" : " " + definition.getTitle();
        out.append(literally("[" + definition.getLabel() + "]: " + definition.getDestination() + title));
    }

    // Inside a line

    @Override
    public void visit(Text text) {
        out.append(marks.literal(text.getLiteral()));
    }

    @Override
    public void visit(HtmlInline html) {
        out.append(marks.literal(html.getLiteral()));
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
        out.append('\n');
    }

    @Override
    public void visit(HardLineBreak lineBreak) {
        out.append('\n');
    }

    @Override
    public void visit(StrongEmphasis strong) {
        boolean outer = inBold;
        inBold = true;
        String inner = nested(strong);
        inBold = outer;
        out.append(outer ? inner : fitting(strong, marks.bold(), inner));
    }

    @Override
    public void visit(Emphasis emphasis) {
        boolean outer = inItalic;
        inItalic = true;
        String inner = nested(emphasis);
        inItalic = outer;
        if (insideWord(emphasis)) {
            // "2*3*4" is a sum, not an italic 3.
            String sign = marks.literal(Objects.requireNonNullElse(emphasis.getOpeningDelimiter(), ""));
            out.append(sign).append(inner).append(sign);
        } else {
            out.append(outer ? inner : marked(marks.italic(), inner));
        }
    }

    @Override
    public void visit(CustomNode node) {
        if (!(node instanceof Strikethrough)) {
            visitChildren(node);
            return;
        }
        boolean outer = inStruck;
        inStruck = true;
        String inner = nested(node);
        inStruck = outer;
        out.append(outer ? inner : fitting(node, marks.struck(), inner));
    }

    @Override
    public void visit(Code code) {
        out.append(marks.code(untouched.putBack(code.getLiteral()).strip()));
    }

    @Override
    public void visit(Link link) {
        address(nested(link), link.getDestination());
    }

    @Override
    public void visit(Image image) {
        address(nested(image), image.getDestination());
    }

    /** "text: address", or the address alone when the text says the same. */
    private void address(String text, String destination) {
        String address = untouched.putBack(destination);
        String shown = address.replaceFirst("^(?i)(mailto|tel):", "");
        String written = marks.untouched(shown);
        boolean same = text.isBlank()
                || text.equals(written)
                || address.replaceFirst("^https?://", "").equals(untouched.putBack(text));
        out.append(same ? written : text + ": " + written);
    }

    private String fitting(Node node, String mark, String inner) {
        return insideWord(node) ? inner : marked(mark, inner);
    }

    /** WhatsApp takes marks only at the edges of words; in the middle of one it would show them. */
    private boolean insideWord(Node node) {
        boolean afterLetter = out.length() > 0 && Character.isLetterOrDigit(out.charAt(out.length() - 1));
        return afterLetter || beginsWithLetter(node.getNext());
    }

    private boolean beginsWithLetter(@Nullable Node node) {
        if (node instanceof Text text && !text.getLiteral().isEmpty()) {
            return Character.isLetterOrDigit(text.getLiteral().codePointAt(0))
                    || untouched.isStandIn(text.getLiteral().charAt(0));
        }
        if (node != null && (node instanceof Link || node instanceof Image)) {
            Node first = node.getFirstChild();
            return first == null || beginsWithLetter(first);
        }
        return false;
    }

    /** Marks hold for one line only. */
    private static String marked(String mark, String text) {
        Iterator<String> lines = text.lines().iterator();
        var result = new ArrayList<String>();
        while (lines.hasNext()) {
            String line = lines.next();
            result.add(line.isBlank() ? line : mark + line.strip() + mark);
        }
        return String.join("\n", result);
    }
}
