package org.qtop.proxy.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The program. It and {@code qtop run} describe themselves to picocli in calls: to read annotations takes as long as a
 * good part of the rest of a start.
 */
public final class Main implements Runnable {

    /** By name, in the order in which they are listed. */
    private static final Map<String, Supplier<CommandLine>> COMMANDS = commands();

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("qtop");

    private Main() {
        spec.usageMessage().description("A SOCKS5 timing proxy for Tor: holds each stream's set-up for a time drawn"
                + " from single-use seeds, and accounts for every hold.");
        addHelp(spec);
    }

    /** What picocli's own mixin adds to the other commands. */
    private static void addHelp(CommandSpec spec) {
        spec.versionProvider(() -> new String[] {"qtop " + version()});
        spec.addOption(OptionSpec.builder("-h", "--help").type(boolean.class).usageHelp(true)
                .description("Show this help message and exit.").build());
        spec.addOption(OptionSpec.builder("-V", "--version").type(boolean.class).versionHelp(true)
                .description("Print version information and exit.").build());
    }

    /**
     * Runs a command and ends the virtual machine with its exit code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /**
     * Runs a command.
     *
     * @param arguments the command and its options
     * @return its exit code, see {@link ExitCode}
     */
    static int execute(String... arguments) {
        // No option is of a type of theirs, and picocli would load them all.
        System.setProperty("picocli.converters.excludes", "java\\.(time|sql)\\..*");
        CommandLine line = new CommandLine(new Main().spec);
        // Only the command that is asked for: to make all of them takes as long as the rest of a start.
        String first = arguments.length == 0 ? "" : arguments[0];
        COMMANDS.entrySet().stream()
                .filter(command -> !COMMANDS.containsKey(first) || command.getKey().equals(first))
                .forEach(command -> line.addSubcommand(command.getKey(), command.getValue().get()));
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(exitCodes());
        line.setParameterExceptionHandler((e, args) -> {
            System.err.println("qtop: " + firstLine(e.getMessage()) + " ("
                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help lists what there is)");
            return ExitCode.USAGE.code();
        });
        line.setExecutionExceptionHandler((e, commandLine, result) -> fail(e));
        return line.execute(arguments);
    }

    private static Map<String, Supplier<CommandLine>> commands() {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put("run", Main::runCommand);
        commands.put("explain", () -> with(new SettingOptions(ExplainCommand.SETTINGS), ExplainCommand::new));
        commands.put("intercept", () -> with(new SettingOptions(InterceptCommand.SETTINGS), InterceptCommand::new));
        commands.put("release", () -> with(new SettingOptions(ReleaseCommand.SETTINGS), ReleaseCommand::new));
        commands.put("demo", () -> new CommandLine(new DemoCommand()));
        commands.put("verify", () -> new CommandLine(new VerifyCommand()));
        commands.put("hold-points", () -> new CommandLine(new HoldPointsCommand()));
        commands.put("status", () -> new CommandLine(new StatusCommand()));
        commands.put("doctor", () -> with(new SettingOptions(), DoctorCommand::new));
        commands.put("rehearse", () -> new CommandLine(new Rehearsal()));
        return commands;
    }

    private static CommandLine runCommand() {
        SettingOptions options = new SettingOptions();
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new RunCommand(options));
        RunCommand.describe(spec);
        addHelp(spec);
        options.addTo(spec);
        return new CommandLine(spec);
    }

    private static CommandLine with(SettingOptions options, Function<SettingOptions, Object> command) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(command.apply(options));
        options.addTo(spec);
        return new CommandLine(spec);
    }

    private static int fail(Exception e) {
        if (e instanceof Failure failure) {
            System.err.println("qtop: " + firstLine(failure.getMessage()));
            return failure.exitCode().code();
        }
        e.printStackTrace();
        return ExitCode.INTERNAL.code();
    }

    private static String firstLine(String message) {
        return message == null ? "" : message.lines().collect(Collectors.joining("; "));
    }

    private static Map<String, String> exitCodes() {
        return Arrays.stream(ExitCode.values()).collect(Collectors.toMap(code -> Integer.toString(code.code()),
                ExitCode::meaning, (a, b) -> a, LinkedHashMap::new));
    }

    /**
     * The version of this program.
     *
     * @return from the jar's manifest, or {@code (unpackaged)} when run from classes
     */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    /** Without a command there is nothing to do but to say what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
