package org.qtop.proxy.cli;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import java.util.stream.Collectors;
import org.qtop.proxy.config.ConfigFile;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Gives a command one option for each {@link Setting}, and gathers what was given. Confined to one thread. */
final class SettingOptions {

    private final Set<Setting> offered;
    private final Map<Setting, String> commandLine = new EnumMap<>(Setting.class);
    private Path configFile;

    /** Options for every setting. */
    SettingOptions() {
        this(EnumSet.allOf(Setting.class));
    }

    /** Options for some settings; the others are at their defaults, wherever else they are given. */
    SettingOptions(Set<Setting> offered) {
        this.offered = offered;
    }

    /** Adds the options to a command. */
    void addTo(CommandSpec command) {
        command.addOption(OptionSpec.builder("--config").paramLabel("FILE").type(Path.class)
                .description("read settings from this file, one \"key = value\" a line; keys are the options below")
                .setter(new picocli.CommandLine.Model.ISetter() {
                    @Override
                    public <T> T set(T value) {
                        configFile = (Path) value;
                        return value;
                    }
                }).build());
        for (Setting setting : offered) {
            command.addOption(option(setting));
        }
    }

    private OptionSpec option(Setting setting) {
        String meaning = setting.meaning()
                + setting.defaultValue().map(value -> " (default: " + value + ")").orElse("");
        OptionSpec.Builder option = OptionSpec.builder("--" + setting.key()).paramLabel(setting.placeholder())
                .type(String.class).description(meaning.replace("%", "%%"))
                .setter(new picocli.CommandLine.Model.ISetter() {
                    @Override
                    public <T> T set(T value) {
                        if (value != null) {
                            commandLine.put(setting, (String) value);
                        }
                        return value;
                    }
                });
        if (setting.isSwitch()) {
            option.arity("0..1").fallbackValue("yes");
        }
        if (setting.isList()) {
            option.parameterConsumer((values, argument, spec) -> addTo(setting, values, spec));
        }
        return option.build();
    }

    private void addTo(Setting setting, Stack<String> values, CommandSpec spec) {
        if (values.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--" + setting.key() + ": a value is missing");
        }
        commandLine.merge(setting, values.pop(), (before, more) -> before + "," + more);
    }

    /**
     * The settings in force: the command line beats the environment, which beats the file.
     *
     * @param environment the process's environment variables
     * @return checked settings
     * @throws SettingException naming the value that is wrong, and where it came from if not from the command line
     */
    Settings settings(Map<String, String> environment) throws SettingException {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        Map<Setting, String> origins = new EnumMap<>(Setting.class);
        if (configFile != null) {
            values.putAll(ConfigFile.read(configFile));
            values.keySet().forEach(setting -> origins.put(setting, "stands in " + configFile));
        }
        for (Setting setting : Setting.values()) {
            String value = environment.get(setting.variable());
            if (value != null) {
                values.put(setting, value);
                origins.put(setting, "comes from " + setting.variable());
            }
        }
        values.putAll(commandLine);
        values.keySet().retainAll(offered);
        origins.keySet().removeAll(commandLine.keySet());
        try {
            return Settings.of(values, environment);
        } catch (SettingException e) {
            throw withOrigins(e, origins);
        }
    }

    private static SettingException withOrigins(SettingException e, Map<Setting, String> origins) {
        String words = origins.entrySet().stream()
                .filter(origin -> e.getMessage().contains("--" + origin.getKey().key() + " "))
                .map(origin -> "--" + origin.getKey().key() + " " + origin.getValue())
                .collect(Collectors.joining(", "));
        return words.isEmpty() ? e : e.from(words);
    }
}
