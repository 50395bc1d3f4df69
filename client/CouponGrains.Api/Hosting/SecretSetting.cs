using CouponGrains.Domain;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Api.Hosting;

/// <summary>A secret among the settings: itself, from the environment, or a file that holds it. Never an argument:
/// those are seen by every user of the machine.</summary>
public static class SecretSetting
{
    /// <summary>The secret that the setting <paramref name="name"/> holds, or the file that <c>NAMEFile</c> names; null
    /// where there is neither. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>; no
    /// message repeats a secret.</summary>
    /// <param name="section">The settings.</param>
    /// <param name="name">Of the setting, as in <c>AdminKey</c>.</param>
    /// <param name="option">Of the file on the command line, as in <c>admin-key-file</c>.</param>
    public static string? Read(IConfiguration section, string name, string option) =>
        (section[name], section[name + "File"]) switch
        {
            (null or "", null or "") => null,
            (null or "", { } file) => Contents(file, option),
            ({ } text, null or "") => text,
            _ => throw new RefusedException(
                RefusalCodes.BadOption, $"{option} and the setting {name} are both there; give one."),
        };

    private static string Contents(string file, string option)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } secret
                ? secret
                : throw new RefusedException(RefusalCodes.BadOption, $"{option} is '{file}', but that file is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(RefusalCodes.BadOption, $"{option} is '{file}', but can't be read: {e.Message}");
        }
    }
}
