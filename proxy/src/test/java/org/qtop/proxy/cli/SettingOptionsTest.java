package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

class SettingOptionsTest {

    private static final Map<String, String> HOME = Map.of("HOME", "/home/somebody", "QTOP_MIN_HOLD", "1ms");

    private static Settings parse(SettingOptions options, String... arguments) throws Exception {
        CommandSpec spec = CommandSpec.create();
        options.addTo(spec);
        new CommandLine(spec).parseArgs(arguments);
        return options.settings(HOME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seed-source outshift --seed-source anu", "--seed-source=outshift,anu",
        "--seed-source outshift --drain 1s --seed-source=anu"})
    void shouldTakeSeedSourcesTogetherOrApart(String line) throws Exception {
        assertEquals(List.of("outshift", "anu"), parse(new SettingOptions(), line.split(" ")).seedSources());
    }

    @ParameterizedTest
    @CsvSource({"--seed-via-tor, true", "--seed-via-tor --drain 1s, true", "--seed-via-tor=no, false",
        "--seed-via-tor yes, true", "--drain 1s, false"})
    void shouldLetASwitchStandAlone(String line, boolean on) throws Exception {
        assertEquals(on, parse(new SettingOptions(), line.split(" ")).seedAccess().viaTor());
    }

    @Test
    void shouldMissAValue() {
        assertThrows(ParameterException.class, () -> parse(new SettingOptions(), "--seed-source"));
        assertThrows(ParameterException.class, () -> parse(new SettingOptions(), "--drain"));
    }

    @Test
    void shouldOfferAPartOfTheSettingsAndLeaveTheOthersAtTheirDefaults() throws Exception {
        SettingOptions some = new SettingOptions(Set.of(Setting.MAX_HOLD));
        Settings settings = parse(some, "--max-hold", "2ms");
        assertEquals(2_000_000, settings.maxHoldNanos());
        assertEquals(100_000, settings.minHoldNanos());
        assertThrows(ParameterException.class, () -> parse(some, "--min-hold", "1ms"));
        assertEquals(1_000_000, parse(new SettingOptions()).minHoldNanos());
    }

    @Test
    void shouldNameTheKeysOfHostedSourcesNowhereInHelp() {
        CommandSpec spec = CommandSpec.create();
        new SettingOptions().addTo(spec);
        String help = new CommandLine(spec).getUsageMessage();
        assertTrue(help.contains("--seed-key-file"), help);
        assertFalse(help.contains("--seed-key="), help);
    }
}
