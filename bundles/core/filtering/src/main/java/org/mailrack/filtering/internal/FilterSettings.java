package org.mailrack.filtering.internal;

import java.util.List;
import java.util.Map;

import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of one filter, one for each file {@code etc/org.mailrack.filtering.filter-NAME.cfg}. */
@Component(
        service = FilterSettings.class,
        immediate = true,
        configurationPid = FilterSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FilterConfig.class, factory = true)
public final class FilterSettings {

    static final String PID = "org.mailrack.filtering.filter";

    private static final Logger log = LoggerFactory.getLogger(FilterSettings.class);

    /** What the file says; 0 for what it leaves to the general settings. */
    private record Own(Domains domains, FilterConfig config) {}

    private final String name;
    private volatile Own own;

    @Activate
    public FilterSettings(FilterConfig config, Map<String, Object> properties) {
        this(String.valueOf(properties.get(Constants.SERVICE_PID)).replaceFirst("^" + PID + "[~.]", ""), config);
    }

    FilterSettings(String name, FilterConfig config) {
        this.name = name;
        this.own = check(config);
    }

    @Modified
    void modified(FilterConfig config) {
        try {
            own = check(config);
        } catch (IllegalArgumentException e) {
            // Thrown on, it would take the settings in force away too.
            log.warn("settings refused, what was in force stays filter={} reason=\"{}\"", name, e.getMessage());
        }
    }

    private Own check(FilterConfig config) {
        for (int value : List.of(
                config.time_limit(),
                config.time_limit_envelope(),
                config.calls(),
                config.error_budget(),
                config.error_window(),
                config.trial_after(),
                config.trial_calls())) {
            if (value < 0) {
                throw new IllegalArgumentException(PID + '-' + name + ": a limit must not be less than 0");
            }
        }
        if (config.error_budget() > Breaker.MAX_BUDGET) {
            throw new IllegalArgumentException(
                    PID + '-' + name + ": error.budget must be at most " + Breaker.MAX_BUDGET);
        }
        try {
            return new Own(Domains.of(FilteringSettings.words(config.domains())), config);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PID + '-' + name + ": " + e.getMessage(), e);
        }
    }

    /** The filter's name. */
    String name() {
        return name;
    }

    /** The general limits, with what the file says otherwise. */
    Limits over(Limits general) {
        Own current = own;
        FilterConfig config = current.config();
        return new Limits(
                or(config.time_limit(), general.timeLimit()),
                or(config.time_limit_envelope(), general.timeLimitEnvelope()),
                or(config.calls(), general.calls()),
                or(config.error_budget(), general.errorBudget()),
                or(config.error_window(), general.errorWindow()),
                or(config.trial_after(), general.trialAfter()),
                or(config.trial_calls(), general.trialCalls()),
                config.prompt(),
                current.domains());
    }

    private static int or(int own, int general) {
        return own == 0 ? general : own;
    }
}
