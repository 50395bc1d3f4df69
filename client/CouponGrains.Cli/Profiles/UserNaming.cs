using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Cli.Profiles;

/// <summary>How the cluster names the users that the command line names: as they are, or, where the environment holds
/// the key of pseudonyms, by those.</summary>
internal static class UserNaming
{
    private const string Key = "CouponGrains__PseudonymKey";

    private static readonly Lazy<Pseudonyms?> Kept = new(() => Read(Environment.GetEnvironmentVariable));

    public static UserId Of(UserId user) => Kept.Value?.Of(user) ?? user;

    /// <summary>What the environment says, the key itself or its file. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/>.</summary>
    internal static Pseudonyms? Read(Func<string, string?> environment)
    {
        try
        {
            return (environment(Key), environment(Key + "File")) switch
            {
                ({ Length: > 0 } key, _) => new(key),
                (_, { Length: > 0 } file) => new(File.ReadAllText(file).Trim()),
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(RefusalCodes.BadOption, $"The file that {Key}File names can't be read: {e.Message}");
        }
    }
}
