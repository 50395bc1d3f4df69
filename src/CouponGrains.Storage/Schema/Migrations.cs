using System.Globalization;
using System.Reflection;

namespace CouponGrains.Storage.Schema;

/// <summary>One step of a schema.</summary>
/// <param name="Version">1, 2, 3, …</param>
/// <param name="Name">The file's name without its number.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record Migration(int Version, string Name, string Sql);

/// <summary>The steps of a schema: the files <c>Schema/FOLDER/NNN_name.sql</c>, embedded in this assembly. A file that
/// has been released is never changed.</summary>
internal static class Migrations
{
    /// <summary>The steps in a folder, in their order. Throws if a number is missing.</summary>
    public static IReadOnlyList<Migration> In(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{typeof(Migrations).Namespace}.{folder}.";
        var steps = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name, Path.GetFileNameWithoutExtension(name[prefix.Length..])))
            .ToList();
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Version != i + 1)
            {
                throw new InvalidOperationException($"Step {i + 1} of schema {folder} is missing.");
            }
        }

        return steps;
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"Resource {resource} is missing.");
        using var reader = new StreamReader(stream);
        return new(int.Parse(file[..3], CultureInfo.InvariantCulture), file[4..], reader.ReadToEnd());
    }
}
