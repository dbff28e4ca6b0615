@echo off
rem EvenClass @VERSION@: double-click to install for this user. No administrator rights are needed.
cd /d "%~dp0"
if not exist "%~dp0install.ps1" goto unzip
"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -ExecutionPolicy Bypass -File "%~dp0install.ps1"
pause
exit /b
:unzip
rem "Please unpack the whole zip first" in Chinese, from code points, as this file must stay ASCII
"%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -Command "Write-Host (-join [char[]](0x8BF7,0x5148,0x5C06,0x538B,0x7F29,0x5305,0x5168,0x90E8,0x89E3,0x538B,0x7F29,0x3002))"
echo Please unpack the whole zip first.
pause
