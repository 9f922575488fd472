package org.mailrack.mailbox.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MimePart;

/**
 * Finds the parts of a message in one pass over its octets, holding a line at a time.
 *
 * <p>Broken mail is read as it was probably meant:
 *
 * <ul>
 *   <li>A header ends before the first line that is no field (RFC 5322 section 2.2), with or without an empty line, so that a
 *       message with no header at all is all body.
 *   <li>A delimiter line is {@code --boundary} or {@code --boundary--} with nothing but white space after (RFC 2046 section
 *       5.1.1): a boundary that only begins like it is another. Of equal boundaries the innermost open one counts, and
 *       a delimiter of an outer multipart ends all in it.
 *   <li>A multipart with no boundary or no part is shown as {@code text/plain}, so that what is in it stays readable.
 * </ul>
 */
final class MimeScanner {

    /** Octets kept of a header line. */
    private static final int HEADER_LINE = 64 << 10;
    /** RFC 2046 allows 70 characters; some programs take more. */
    static final int MAX_BOUNDARY = 250;

    private static final int BODY_LINE = MAX_BOUNDARY + 64;

    private final LineReader lines;
    private final MimeLimits limits;
    /** The parts that are open, outermost first. */
    private final List<OpenPart> open = new ArrayList<>();
    /** Which open multipart a delimiter line belongs to, by the line without its hyphens in front. */
    private final Map<String, Delimiter> delimiters = new HashMap<>();

    private int headerLeft;
    private int parts;
    private int previousEol;
    private boolean previousEmpty;
    private MimePart root;

    private record Delimiter(OpenPart part, boolean close) {}

    private MimeScanner(InputStream in, MimeLimits limits) {
        lines = new LineReader(in);
        this.limits = limits;
        headerLeft = limits.maxHeader();
    }

    /** The structure of the message. */
    static MimePart scan(InputStream message, MimeLimits limits) throws IOException {
        return new MimeScanner(message, limits).scan();
    }

    /** The envelope of the message, without reading past its header. */
    static MessageEnvelope envelope(InputStream message, MimeLimits limits) throws IOException {
        MimeScanner scanner = new MimeScanner(message, limits);
        OpenPart part = new OpenPart(0, true, false);
        while (scanner.lines.next(HEADER_LINE) && scanner.headerLine(part)) {}
        return part.envelope();
    }

    private MimePart scan() throws IOException {
        begin(0, true, false);
        while (lines.next(top().inHeader() ? HEADER_LINE : BODY_LINE)) {
            if (!delimiter()) {
                // A line that ends one header may begin the header of an embedded message.
                while (top().inHeader() && !headerLine(top())) {
                    boolean again = top().bodyStart() == lines.start();
                    if (!look(top()) || !again) {
                        break;
                    }
                }
            }
            previousEol = lines.eol();
            previousEmpty = lines.length() == 0;
        }
        close(0, lines.end(), lines.count());
        return root;
    }

    private OpenPart top() {
        return open.get(open.size() - 1);
    }

    private void begin(long headerStart, boolean message, boolean digest) {
        open.add(new OpenPart(headerStart, message, digest));
        parts++;
    }

    /** Takes a line of the part's header; false when the header has ended, and before this line if it is of the body. */
    private boolean headerLine(OpenPart part) {
        byte[] line = lines.octets();
        int kept = lines.kept();
        if (lines.length() == 0) {
            part.headerEnds(lines.end(), lines.count());
            return false;
        }
        boolean first = lines.start() == part.headerStart();
        if (!first && (line[0] == ' ' || line[0] == '\t')) {
            headerLeft -= headerLeft >= kept ? part.fields().continuation(line, kept) : 0;
            return true;
        }
        int name = HeaderFields.nameLength(line, kept);
        if (name > 0) {
            if (headerLeft >= kept) {
                headerLeft -= part.fields().field(line, name, kept);
            } else {
                part.fields().finish();
            }
            return true;
        }
        if (first && part.message() && HeaderFields.isMboxLine(line, kept)) {
            return true;
        }
        part.headerEnds(lines.start(), lines.count() - 1);
        return false;
    }

    /** Looks into a part whose header has ended; true when an embedded message begins. */
    private boolean look(OpenPart part) {
        part.readFields();
        if (open.size() > limits.maxDepth() || parts >= limits.maxParts()) {
            return false;
        }
        if (part.boundary() != null) {
            learn(part);
        } else if (part.embedsMessage()) {
            begin(part.bodyStart(), true, false);
            return true;
        }
        return false;
    }

    private void learn(OpenPart part) {
        delimiters.put(part.boundary() + "--", new Delimiter(part, true));
        delimiters.put(part.boundary(), new Delimiter(part, false));
    }

    /** Some multiparts have ended: learns anew what the lines of those that are left mean. */
    private void learnAll() {
        delimiters.clear();
        for (OpenPart part : open) {
            if (part.boundary() != null && !part.closed()) {
                learn(part);
            }
        }
    }

    /** Takes the line if it is a delimiter of an open multipart. */
    private boolean delimiter() {
        if (delimiters.isEmpty() || lines.kept() < 3 || lines.octet(0) != '-' || lines.octet(1) != '-') {
            return false;
        }
        int end = Math.min(lines.kept(), BODY_LINE);
        if (lines.length() > end) {
            return false;
        }
        while (end > 2 && (lines.octet(end - 1) == ' ' || lines.octet(end - 1) == '\t')) {
            end--;
        }
        Delimiter found = delimiters.get(new String(lines.octets(), 2, end - 2, StandardCharsets.ISO_8859_1));
        if (found == null || !found.close() && parts >= limits.maxParts()) {
            return false;
        }
        OpenPart multipart = found.part();
        int keep = open.indexOf(multipart) + 1;
        if (open.size() > keep) {
            OpenPart innermost = top();
            boolean inHeader = innermost.inHeader();
            if (inHeader) {
                innermost.headerEnds(lines.start(), lines.count() - 1);
                innermost.readFields();
            }
            long last = inHeader ? lines.start() : Math.max(innermost.bodyStart(), lines.start() - previousEol);
            close(keep, last, lines.count() - 1 - (last < lines.start() && previousEmpty ? 1 : 0));
        }
        if (found.close()) {
            multipart.close();
        }
        learnAll();
        if (!found.close()) {
            begin(lines.end(), false, multipart.digest());
        }
        return true;
    }

    /** Ends the open parts from that depth on, innermost first. */
    private void close(int depth, long end, long lineCount) {
        while (open.size() > depth) {
            OpenPart part = open.remove(open.size() - 1);
            if (part.inHeader()) {
                part.headerEnds(end, lineCount);
                part.readFields();
            }
            MimePart done = part.end(end, lineCount);
            if (open.isEmpty()) {
                root = done;
            } else {
                top().add(done);
            }
        }
    }
}
