using CouponGrains.Domain;

namespace CouponGrains.Cli.Completion;

/// <summary><c>coupons completion SHELL</c>: a script that has the shell ask the program itself what may come next, so
/// that it always knows the program that is installed.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _coupons() {
            local line="coupons${COMP_LINE#"${COMP_WORDS[0]}"}"
            local point=$((COMP_POINT - ${#COMP_WORDS[0]} + 7))
            mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" "[suggest:$point]" "$line" 2>/dev/null)
        }
        complete -o default -F _coupons coupons
        """;

    private const string Zsh = """
        #compdef coupons
        _coupons() {
            local line="coupons${BUFFER#${words[1]}}"
            local point=$((CURSOR - ${#words[1]} + 7))
            local -a found
            found=("${(@f)$(${words[1]} "[suggest:$point]" "$line" 2>/dev/null)}")
            compadd -a found
        }
        compdef _coupons coupons
        """;

    private const string Fish = """
        function _coupons
            set -l line (commandline -cp)
            coupons "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c coupons -f -a '(_coupons)'
        """;

    private static readonly Argument<string> Shell =
        new Argument<string>("SHELL") { Description = "The shell" }.AcceptOnlyFromAmong("bash", "zsh", "fish");

    public static Command Build()
    {
        var command = new Command(
            "completion", "A script that completes words: source <(coupons completion bash)") { Shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(Shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            var other => throw new RefusedException(RefusalCodes.InvalidValue, $"There is no script for {other}."),
        }));
        return command;
    }
}
