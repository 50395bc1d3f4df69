using CouponGrains.Cli.Profiles;
using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Client.Tests.Cli;

/// <summary>The command line names users as the cluster does, if its environment holds the key.</summary>
public sealed class UserNamingTests
{
    private static readonly string Key = new('k', Pseudonyms.KeyMin);

    [Fact]
    public void The_environment_holds_the_key_or_names_its_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Key + "\n");
        Assert.Null(Read());
        Assert.Equal(new Pseudonyms(Key).Fingerprint, Read(("CouponGrains__PseudonymKey", Key))!.Fingerprint);
        Assert.Equal(new Pseudonyms(Key).Fingerprint, Read(("CouponGrains__PseudonymKeyFile", file))!.Fingerprint);
        File.Delete(file);
        Assert.Equal(
            RefusalCodes.BadOption,
            Assert.Throws<RefusedException>(() => Read(("CouponGrains__PseudonymKeyFile", file))).Refusal.Code);
    }

    private static Pseudonyms? Read(params (string Name, string Value)[] environment) =>
        UserNaming.Read(name => environment.FirstOrDefault(one => one.Name == name).Value);
}
