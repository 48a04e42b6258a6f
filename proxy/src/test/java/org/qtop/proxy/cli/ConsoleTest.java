package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldShowABarThatFillsAndThenGoes() {
        Console console = Console.to(out, true);
        console.bar("seeds", 0, 1_000_000);
        console.bar("seeds", 500_000, 1_000_000);
        console.line("ready");
        String empty = "-".repeat(30);
        String half = "#".repeat(15) + "-".repeat(15);
        String erase = "\r\u001b[K";
        assertEquals(erase + "  seeds [" + empty + "] 0%" + erase + "  seeds [" + half + "] 50%" + erase + "ready"
                + System.lineSeparator(), shown());
    }

    @Test
    void shouldShowNoBarWhereNoLineCanBeRewritten() {
        Console console = Console.to(out, false);
        console.bar("seeds", 1, 2);
        console.line("ready");
        assertEquals("ready" + System.lineSeparator(), shown());
    }
}
