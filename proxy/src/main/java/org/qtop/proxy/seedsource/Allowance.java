package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bits that may be drawn from a service in one day (UTC), noted in a file, so that a restart does not begin the day
 * afresh. Confined to one thread at a time; several processes may share the file.
 */
final class Allowance {

    private static final Pattern NOTE = Pattern.compile("(\\d{4}-\\d{2}-\\d{2}) (\\d{1,12})");

    private final Note note;
    private final long bitsADay;
    private final InstantSource clock;

    /**
     * Opens the note, or makes it.
     *
     * @param folder where it is; made if it is not there
     * @throws IOException if it cannot be kept
     */
    Allowance(Path folder, String service, long bitsADay, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        this.note = new Note(folder.resolve(service + ".bits"));
        this.bitsADay = bitsADay;
        this.clock = clock;
        change(0, 0);
    }

    /**
     * Takes bits.
     *
     * @param bits how many, 0 or more
     * @param needed how many will be needed altogether, {@code bits} or more: less is of no use
     * @throws ServiceFault if the day has not as many left
     */
    void take(long bits, long needed) throws IOException {
        change(bits, needed);
    }

    /** Gives back what the service did not give. */
    void giveBack(long bits) throws IOException {
        change(-bits, 0);
    }

    private void change(long bits, long needed) throws IOException {
        try {
            note.change(text -> {
                LocalDate today = today();
                long used = used(text, today);
                if (needed > 0 && used + needed > bitsADay) {
                    throw new ServiceFault(ServiceFault.Kind.DAY_USED_UP, String.format(Locale.ROOT,
                            "%,d of the day's %,d bits are used, and %,d are needed", used, bitsADay, needed));
                }
                return today + " " + Math.max(0, used + bits);
            });
        } catch (ServiceFault e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("the bits of the day cannot be noted in " + note + " (" + Reasons.of(e) + ")", e);
        }
    }

    private static long used(String text, LocalDate today) throws IOException {
        if (text.isEmpty()) {
            return 0;
        }
        Matcher matcher = NOTE.matcher(text);
        if (!matcher.matches()) {
            throw new IOException("there is something else in it");
        }
        return matcher.group(1).equals(today.toString()) ? Long.parseLong(matcher.group(2)) : 0;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** When the next day begins. */
    Instant renewedAt() {
        return today().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
