using CouponGrains.Domain;

namespace CouponGrains.Api.Hosting;

/// <summary>The command line of a process.</summary>
public static class Arguments
{
    /// <summary>The section of the configuration that holds the settings; in the environment <c>CouponGrains__Port</c>
    /// and so on.</summary>
    public const string Section = "CouponGrains";

    /// <summary>The arguments as settings of <see cref="Section"/>; <paramref name="names"/> tells the setting of each
    /// option. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>.</summary>
    public static IReadOnlyDictionary<string, string?> Parse(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> names)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (option, value) = arguments[i].Split('=', 2) is [var left, var right]
                ? (left, right)
                : (arguments[i], null);
            if (!names.TryGetValue(option, out var name))
            {
                throw new RefusedException(RefusalCodes.BadOption, $"There is no option {option}; --help lists them.");
            }

            if (value is null && ++i == arguments.Count)
            {
                throw new RefusedException(RefusalCodes.BadOption, $"{option} needs a value.");
            }

            if (!settings.TryAdd($"{Section}:{name}", value ?? arguments[i]))
            {
                throw new RefusedException(RefusalCodes.BadOption, $"{option} stands there twice.");
            }
        }

        return settings;
    }
}
