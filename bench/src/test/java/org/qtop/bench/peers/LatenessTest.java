package org.qtop.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatenessTest {

    @Test
    void shouldReadWhatWasWrittenSinceThen(@TempDir Path folder) throws IOException {
        Path journal = folder.resolve("journal");
        String before = "{\"stream\":1,\"holdNanos\":5,\"latenessNanos\":900000}\n";
        Files.writeString(journal, before + "{\"latenessNanos\":100}\n{\"latenessNanos\":300}\n");
        Histogram late = Lateness.lateness(journal, before.length());
        assertEquals(2, late.getTotalCount());
        assertEquals(100, late.getMinValue());
        assertEquals(300, late.getMaxValue());
        assertEquals(0, Lateness.lateness(journal, Files.size(journal)).getTotalCount());
    }
}
