using System.Security.Cryptography;
using System.Text;
using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Api.Hosting;

/// <summary>Whether users are turned into pseudonyms at the door, and under which key.</summary>
public static class PseudonymSettings
{
    /// <summary>The key's file in the folder of an embedded store.</summary>
    public const string FileName = "pseudonym.key";

    private const int KeyBytes = 32;

    /// <summary>Reads <c>Pseudonyms</c>, <c>PseudonymKey</c> and <c>PseudonymKeyFile</c> of a section; null where users
    /// keep the shop's ids. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>.</summary>
    /// <param name="section">The settings.</param>
    /// <param name="folder">Where the key is, or is made, if the settings name none; null where they must name
    /// it.</param>
    /// <param name="isNew">True if the key was made now.</param>
    public static Pseudonyms? Read(IConfiguration section, string? folder, out bool isNew)
    {
        isNew = false;
        var key = SecretSetting.Read(section, "PseudonymKey", "pseudonym-key-file");
        switch (section["Pseudonyms"], key)
        {
            case (null or "off", null):
                return null;
            case (null or "off", _):
                throw new RefusedException(
                    RefusalCodes.BadOption, "A key of pseudonyms is given, but they are off: add --pseudonyms on.");
            case ("on", { } given):
                return new(given);
            case ("on", null) when folder is not null:
                var file = Path.Combine(folder, FileName);
                isNew = !File.Exists(file);
                return new(isNew ? Make(file) : File.ReadAllText(file).Trim());
            case ("on", _):
                throw new RefusedException(
                    RefusalCodes.BadOption, "pseudonyms is 'on', but there is no key: name the file that holds it with "
                    + "--pseudonym-key-file, the same key for all processes.");
            case var (text, _):
                throw new RefusedException(RefusalCodes.BadOption, $"pseudonyms is '{text}', but must be on or off.");
        }
    }

    /// <summary>Makes the key, which nobody but the process's user may read, durably before it is used.</summary>
    private static string Make(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
            using var stream = new FileStream(file, options);
            stream.Write(Encoding.ASCII.GetBytes(key + "\n"));
            stream.Flush(flushToDisk: true);
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(RefusalCodes.StoreNotWritable, $"The key {file} can't be written: {e.Message}");
        }
    }
}
