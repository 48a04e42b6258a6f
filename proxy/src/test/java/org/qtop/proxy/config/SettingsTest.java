package org.qtop.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/home/somebody");

    @TempDir
    private Path folder;

    @Test
    void shouldHaveTheDefaultsOfTheGuide() throws Exception {
        Settings settings = Settings.of(Map.of(), ENVIRONMENT);
        assertEquals("127.0.0.1:9150", Values.text(settings.listen().get(0).address()));
        assertEquals("127.0.0.1:9050", Values.text(settings.torSocks()));
        assertEquals("127.0.0.1:9051", Values.text(settings.torControl().orElseThrow()));
        assertEquals("uniform:100000:10000000", settings.law());
        assertEquals(1_000_000, settings.seeds());
        assertEquals(Path.of("/home/somebody/.local/state/qtop"), settings.dataDir());
        assertFalse(settings.torGiven());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "LISTEN | 0.0.0.0:9150 | loopback",
        "LISTEN | 9150 | 127.0.0.1:9150",
        "LISTEN | 127.0.0.1:1,proxi | proxy",
        "LISTEN | proxy,127.0.0.1:1 | proxy",
        "LISTEN | 127.0.0.1:1,mode=600 | unix:/path",
        "LISTEN | unix:/s,mode=888 | mode=660",
        "LISTEN | 127.0.0.1:1=127.0.0.1:0 | =TOR",
        "LISTEN | unix:relative | unix:/path",
        "ALLOW | 10.1.2.3/8 | 192.168.1.0/24",
        "ALLOW | 10.0.0.0/33 | 192.168.1.0/24",
        "ALLOW | somewhere | 192.168.1.0/24",
        "TOR_SOCKS | 127.0.0.1:0 | 1 to 65535",
        "TOR_CONTROL | nobody | 127.0.0.1:9050",
        "NETWORK | secret | public or private",
        "MIN_HOLD | 61s | 0 to 60s",
        "MAX_HOLD | fast | 0.1ms",
        "DISTRIBUTION | normal | uniform",
        "DISTRIBUTION | exponential:0ms | exponential:3ms",
        "HOLD_AT | guard | request or attach or reply",
        "SEEDS | 99999 | 100000 to 10000000",
        "SEED_SOURCE | dice | os, outshift, anu",
        "SEED_SOURCE | file: | file:PATH",
        "SEED_SOURCE | outshift:key | device:PATH",
        "SEED_SOURCE | anu,, | joined by commas",
        "SEED_SOURCE | os,anu | put it last",
        "SEED_SOURCE | outshift,cisco_qapi | twice",
        "SEED_DAILY_BITS | 9999 | 10000 to 999999999",
        "SEED_VIA_TOR | maybe | yes or no",
        "ON_VIOLATION | panic | count or close-circuit or refuse",
        "WITHOUT_CONTROL | panic | hold or refuse",
        "MAX_STREAMS | 0 | 1 to 1000000",
        "DRAIN | 2h | 0 to 1h",
        "LOG_LEVEL | loud | debug"})
    void shouldNameABadValueAndWhatWouldBeRight(Setting setting, String value, String wanted) {
        SettingException e = assertThrows(SettingException.class, () -> Settings.of(Map.of(setting, value),
                ENVIRONMENT));
        assertTrue(e.getMessage().contains("--" + setting.key() + " " + value), e.getMessage());
        assertTrue(e.getMessage().contains(wanted), e.getMessage());
        assertFalse(e.aboutFile());
    }

    @Test
    void shouldRefuseAShortestHoldAboveTheLongest() {
        SettingException e = assertThrows(SettingException.class,
                () -> Settings.of(Map.of(Setting.MIN_HOLD, "5ms", Setting.MAX_HOLD, "1ms"), ENVIRONMENT));
        assertEquals("--min-hold 5ms is above --max-hold 1ms: make the shortest hold at most the longest",
                e.getMessage());
    }

    @Test
    void shouldRefuseATorBesideThePrivateNetwork() {
        SettingException e = assertThrows(SettingException.class, () -> Settings.of(
                Map.of(Setting.NETWORK, "private", Setting.TOR_SOCKS, "127.0.0.1:9050"), ENVIRONMENT));
        assertTrue(e.getMessage().contains("--tor-socks"), e.getMessage());
    }

    @Test
    void shouldReadEachListenerWithWhatIsSpecialAboutIt() throws Exception {
        List<Listen> all = Settings.of(Map.of(Setting.LISTEN, "127.0.0.1:1,[::1]:2=127.0.0.1:9052,proxy,unix:/run/a,"
                + "mode=660"), ENVIRONMENT).listen();
        assertEquals(List.of("127.0.0.1:1", "[::1]:2", "unix:/run/a"),
                all.stream().map(listen -> Values.text(listen.address())).toList());
        assertEquals(List.of(false, true, false), all.stream().map(Listen::proxyHeader).toList());
        assertEquals("127.0.0.1:9052", Values.text(all.get(1).tor().orElseThrow()));
        assertEquals("rw-rw----", PosixFilePermissions.toString(all.get(2).mode()));
        assertEquals(Listen.OWNER_ONLY, Listen.at(all.get(2).address()).mode());
    }

    @Test
    void shouldListenOffLoopbackOnlyForThoseWhoAreNamed() throws Exception {
        Settings settings = Settings.of(Map.of(Setting.LISTEN, "0.0.0.0:9150,[::1]:1",
                Setting.ALLOW, "192.168.1.0/24,fd00::/8"), ENVIRONMENT);
        assertEquals("[192.168.1.0/24, fd00:0:0:0:0:0:0:0/8]", settings.allow().toString());
    }

    @Test
    void shouldRefuseAPortOfTorBesideThePrivateNetwork() {
        SettingException e = assertThrows(SettingException.class, () -> Settings.of(
                Map.of(Setting.NETWORK, "private", Setting.LISTEN, "127.0.0.1:1=127.0.0.1:2"), ENVIRONMENT));
        assertTrue(e.getMessage().contains("--network private"), e.getMessage());
    }

    @Test
    void shouldTakeAListenersTorForANamedTor() throws Exception {
        assertTrue(Settings.of(Map.of(Setting.LISTEN, "127.0.0.1:1=127.0.0.1:2"), ENVIRONMENT).torGiven());
    }

    @Test
    void shouldReachTorOverUnixSockets() throws Exception {
        Settings settings = Settings.of(Map.of(Setting.TOR_SOCKS, "unix:/run/tor/socks", Setting.TOR_CONTROL,
                "unix:/run/tor/control"), ENVIRONMENT);
        assertEquals("unix:/run/tor/socks", Values.text(settings.torSocks()));
        assertEquals("unix:/run/tor/control", Values.text(settings.torControl().orElseThrow()));
    }

    @Test
    void shouldNameAFileThatCannotBeRead() {
        String missing = folder.resolve("missing").toString();
        SettingException e = assertThrows(SettingException.class,
                () -> Settings.of(Map.of(Setting.SEED_SOURCE, "file:" + missing), ENVIRONMENT));
        assertTrue(e.getMessage().contains(missing) && e.getMessage().contains("no such file"), e.getMessage());
        assertTrue(e.aboutFile());
    }

    @Test
    void shouldTakeSeveralSeedSourcesInOrder() throws Exception {
        Path file = Files.writeString(folder.resolve("a:b"), "recorded");
        Settings settings = Settings.of(Map.of(Setting.SEED_SOURCE,
                "cisco_qapi, ANU ,device:/dev/hwrng,file:" + file + ",os"), ENVIRONMENT);
        assertEquals(List.of("outshift", "anu", "device:/dev/hwrng", "file:" + file), settings.seedSources());
        assertEquals(List.of("os"), Settings.of(Map.of(), ENVIRONMENT).seedSources());
        assertEquals(100_000, settings.seedAccess().dailyBits());
        assertFalse(settings.seedAccess().viaTor());
        assertEquals(OnViolation.COUNT, settings.onViolation());
    }

    @Test
    void shouldRefuseWhatCannotWorkTogether() {
        String closing = assertThrows(SettingException.class, () -> Settings.of(Map.of(Setting.ON_VIOLATION,
                "close-circuit", Setting.TOR_CONTROL, "none"), ENVIRONMENT)).getMessage();
        assertTrue(closing.contains("--on-violation") && closing.contains("--tor-control"), closing);
        String refusing = assertThrows(SettingException.class, () -> Settings.of(Map.of(Setting.WITHOUT_CONTROL,
                "refuse", Setting.TOR_CONTROL, "none"), ENVIRONMENT)).getMessage();
        assertTrue(refusing.contains("--without-control") && refusing.contains("--tor-control"), refusing);
        String leading = assertThrows(SettingException.class, () -> Settings.of(Map.of(Setting.SEED_VIA_TOR, "yes",
                Setting.NETWORK, "private"), ENVIRONMENT)).getMessage();
        assertTrue(leading.contains("--seed-via-tor") && leading.contains("--network"), leading);
    }

    @Test
    void shouldGoOnWithoutAControlPort() throws Exception {
        Settings settings = Settings.of(Map.of(Setting.TOR_CONTROL, "none"), ENVIRONMENT);
        assertEquals(Optional.empty(), settings.torControl());
        assertTrue(settings.torGiven());
    }

    @Test
    void shouldReadAConfigurationFile() throws Exception {
        Path file = Files.writeString(folder.resolve("qtop.conf"), "# a comment\n\nmin-hold = 1ms\nlisten=[::1]:1\n");
        assertEquals(Map.of(Setting.MIN_HOLD, "1ms", Setting.LISTEN, "[::1]:1"), ConfigFile.read(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"min-hold | line 1", "minhold = 1ms | minhold",
        "seeds = 1\\nseeds = 2 | twice"})
    void shouldNameTheLineOfAConfigurationFileThatIsWrong(String text, String named) throws Exception {
        Path file = Files.writeString(folder.resolve("qtop.conf"), text.replace("\\n", "\n"));
        SettingException e = assertThrows(SettingException.class, () -> ConfigFile.read(file));
        assertTrue(e.getMessage().contains(named), e.getMessage());
    }
}
