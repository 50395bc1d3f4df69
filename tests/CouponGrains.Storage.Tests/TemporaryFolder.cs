namespace CouponGrains.Storage.Tests;

/// <summary>An empty folder, removed with everything in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coupongrains-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
