package org.qtop.proxy.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the kernel says of the event loops' timers. */
class TimerSlackTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLetNoTimerOfAnEventLoopBePutOff() throws Exception {
        try (Transport transport = Transport.start(1)) {
            String slack = transport.loops().submit(() -> {
                Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
                return Files.readString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"));
            }).get();
            assertEquals("1", slack.strip());
        }
    }
}
