package org.qtop.proxy.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.doctor.Doctor;
import org.qtop.proxy.doctor.Finding;
import org.qtop.proxy.doctor.StreamCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qtop doctor}: what keeps qtop from working, and the cure. */
@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Look for what keeps qtop from working, and say what to do. Give it the options that you would"
                + " give to run. Exit code 1 if a check failed.")
final class DoctorCommand implements Callable<Integer> {

    private final SettingOptions options;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(names = "--stream", paramLabel = "HOST:PORT",
            description = "also send a stream there, through the qtop that runs, and see that it is held")
    private String stream;

    DoctorCommand(SettingOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws Failure {
        Settings settings;
        try {
            settings = options.settings(System.getenv());
        } catch (SettingException e) {
            throw Failure.of(e);
        }
        Logs.apply("error", settings.logFormat());
        Console console = Console.standardOutput();
        List<Finding> findings = new ArrayList<>(new Doctor(settings).examine(finding -> print(console, finding)));
        if (stream != null) {
            Finding finding = streamFinding(settings);
            print(console, finding);
            findings.add(finding);
        }
        if (json) {
            printJson(findings);
        }
        return (failed(findings) ? ExitCode.FAILED : ExitCode.OK).code();
    }

    private Finding streamFinding(Settings settings) throws Failure {
        int colon = stream.lastIndexOf(':');
        if (colon < 1 || !stream.substring(colon + 1).matches("[1-9]\\d{0,4}")) {
            throw new Failure(ExitCode.USAGE, "--stream: give a host and a port, such as check.torproject.org:443");
        }
        return StreamCheck.of(settings, stream.substring(0, colon), Integer.parseInt(stream.substring(colon + 1)));
    }

    private static boolean failed(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.FAILED);
    }

    private void print(Console console, Finding finding) {
        if (!json) {
            console.line(String.format("%-8s %-25s %s", finding.verdict().word(), finding.check(), finding.text()));
            if (!finding.cure().isEmpty()) {
                console.line(" ".repeat(35) + "-> " + finding.cure());
            }
        }
    }

    private static void printJson(List<Finding> findings) throws Failure {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode checks = mapper.createArrayNode();
        findings.forEach(finding -> checks.addObject().put("check", finding.check())
                .put("verdict", finding.verdict().word()).put("text", finding.text()).put("cure", finding.cure()));
        try {
            System.out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(
                    mapper.createObjectNode().put("good", !failed(findings)).set("checks", checks)));
        } catch (IOException e) {
            throw new Failure(ExitCode.INTERNAL, "the findings cannot be written: " + e.getMessage());
        }
    }
}
